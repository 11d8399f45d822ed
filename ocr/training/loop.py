"""The training loop of both nets: seeded, resumable, on two cores or a GPU.

The batch of a step depends on the seed and the step's number alone, so a run that was stopped goes on as if it had
not been, and two runs differ only by the order of floating-point additions.
"""

from __future__ import annotations

import argparse
import math
import multiprocessing
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import torch
from torch import nn

from texts import ROOT

Batch = tuple[torch.Tensor, ...]


def _work(make: Callable[[int], Batch], first: int, last: int, stride: int, queue: "multiprocessing.Queue[Batch]") -> None:
    torch.set_num_threads(1)
    for step in range(first, last, stride):
        queue.put(tuple(t.numpy() for t in make(step)))


def batches(make: Callable[[int], Batch], first: int, last: int, workers: int) -> Iterator[Batch]:
    """make(step) for first <= step < last, in order, drawn ahead by `workers` processes."""
    context = multiprocessing.get_context("fork")
    queues = [context.Queue(maxsize=6) for _ in range(workers)]
    processes = [
        context.Process(target=_work, args=(make, first + i, last, workers, queues[i]), daemon=True) for i in range(workers)
    ]
    for process in processes:
        process.start()
    try:
        for step in range(first, last):
            yield tuple(torch.from_numpy(a) for a in queues[(step - first) % workers].get())
    finally:
        for process in processes:
            process.terminate()


def rate(step: int, steps: int, peak: float) -> float:
    """Short warm-up, then half a cosine down to a fiftieth."""
    warm = min(300, steps // 20 + 1)
    if step < warm:
        return peak * (step + 1) / warm
    return peak * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * (step - warm) / max(1, steps - warm))))


def train(
    net: nn.Module,
    make: Callable[[int], Batch],
    loss_of: Callable[[torch.Tensor, Batch], dict[str, torch.Tensor]],
    validate: Callable[[nn.Module], str],
    folder: Path,
    steps: int,
    peak: float,
    workers: int,
) -> nn.Module:
    """Gives the averaged net, in evaluation mode. The first tensor of a batch is the net's input."""
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    folder.mkdir(parents=True, exist_ok=True)
    checkpoint = folder / "checkpoint.pt"
    net = net.to(device, memory_format=torch.channels_last)
    optimiser = torch.optim.AdamW(net.parameters(), lr=peak, weight_decay=1e-4)
    # Batch statistics are averaged with the weights.
    average = torch.optim.swa_utils.AveragedModel(
        net, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.998), use_buffers=True
    )
    start = 0
    if checkpoint.exists():
        state = torch.load(checkpoint, map_location=device, weights_only=True)
        net.load_state_dict(state["net"])
        average.load_state_dict(state["average"])
        optimiser.load_state_dict(state["optimiser"])
        start = state["step"]
        print(f"goes on at step {start}", flush=True)

    def save(step: int) -> None:
        torch.save(
            {"net": net.state_dict(), "average": average.state_dict(), "optimiser": optimiser.state_dict(), "step": step},
            checkpoint.with_suffix(".new"),
        )
        checkpoint.with_suffix(".new").replace(checkpoint)

    began = time.monotonic()
    sums: dict[str, float] = {}
    for step, batch in enumerate(batches(make, start, steps, workers), start):
        net.train()
        for group in optimiser.param_groups:
            group["lr"] = rate(step, steps, peak)
        moved = tuple(t.to(device) for t in batch)
        image = moved[0].to(memory_format=torch.channels_last)
        parts = loss_of(net(image), moved)
        loss = torch.stack(list(parts.values())).sum()
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        optimiser.step()
        average.update_parameters(net)
        for name, value in parts.items():
            sums[name] = sums.get(name, 0.0) + float(value.detach())
        if (step + 1) % 100 == 0:
            means = "  ".join(f"{name} {value / 100:.4f}" for name, value in sums.items())
            pace = (time.monotonic() - began) / (step + 1 - start)
            print(f"step {step + 1}/{steps}  {means}  {pace * 1000:.0f} ms/step", flush=True)
            sums.clear()
        if (step + 1) % 500 == 0 or step + 1 == steps:
            save(step + 1)
        if (step + 1) % 1000 == 0 or step + 1 == steps:
            print("  held out:", validate(average.module.eval()), flush=True)
    return average.module.eval()


def options(about: str, steps: int, steps_help: str) -> argparse.Namespace:
    """The command line of both trainings; seeds PyTorch and leaves the drawing processes their cores."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=steps, help=steps_help)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--work", type=Path, default=ROOT / "build/training", help="fonts, photographs, checkpoints")
    parser.add_argument("--out", type=Path, default=ROOT / "assets/models")
    parser.add_argument("--workers", type=int, default=1, help="processes that draw; the other cores train")
    parser.add_argument("--export-only", action="store_true", help="write the files from the last checkpoint")
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    torch.set_num_threads(max(1, (os.cpu_count() or 2) - args.workers))
    return args


def last(net: nn.Module, folder: Path) -> nn.Module:
    """The averaged net of the last checkpoint."""
    state = torch.load(folder / "checkpoint.pt", map_location="cpu", weights_only=True)
    average = torch.optim.swa_utils.AveragedModel(net, use_buffers=True)
    average.load_state_dict(state["average"])
    print(f"step {state['step']}")
    return average.module.eval()
