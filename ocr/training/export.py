"""A trained net to an ONNX file that OpenCV 4.6's dnn module imports."""

from __future__ import annotations

import copy
import hashlib
from pathlib import Path

import onnx
import torch
from torch import nn


def export(net: nn.Module, shape: tuple[int, int, int, int], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    plain = copy.deepcopy(net).to("cpu", memory_format=torch.contiguous_format).eval()
    torch.onnx.export(
        plain, (torch.zeros(shape),), str(path), opset_version=11, input_names=["image"], output_names=["maps"], dynamo=False
    )
    model = onnx.load(str(path))
    # Equal initialisers are merged by the exporter and referred to through Identity, which OpenCV 4.6 refuses.
    graph = model.graph
    constants = {i.name: i for i in graph.initializer}
    for node in [n for n in graph.node if n.op_type == "Identity" and n.input[0] in constants]:
        twin = copy.deepcopy(constants[node.input[0]])
        twin.name = node.output[0]
        graph.initializer.append(twin)
        graph.node.remove(node)
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


def write_sums(folder: Path) -> None:
    """SHA256SUMS as sha256sum writes it: OpenCV's importer ends the process on some damaged files, so the reader asks first."""
    files = sorted([*folder.glob("*.onnx"), *folder.glob("spell.txt")])
    lines = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files]
    (folder / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")
