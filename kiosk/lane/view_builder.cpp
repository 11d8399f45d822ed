// The snapshot: everything that screens may read, copied once.
#include <algorithm>
#include <utility>

#include "kiosk/lane/core.h"
#include "kiosk/lane/summary.h"

namespace torugart::lane {

StorageView Core::storage_view() const {
  StorageView out;
  out.last_seq = parts_.ledger->last_seq();
  out.durable_seq = parts_.ledger->durable_seq();
  out.free_bytes = space_.free_bytes;
  out.trucks_that_fit = space_.trucks;
  out.full = space_.known && space_.trucks < 1;
  const auto trouble = parts_.ledger->trouble();
  if (trouble) {
    out.trouble = trouble->what;
    out.remedy = trouble->remedy;
  } else if (journal_refusal_) {
    out.trouble = journal_refusal_->what;
    out.remedy = journal_refusal_->remedy;
  } else {
    out.trouble = archive_refusal_;
  }
  return out;
}

std::shared_ptr<const LaneView> Core::build_view() {
  auto view = std::make_shared<LaneView>();
  view->version = ++version_;
  view->now = clock_.now();
  view->lane_name = config_.lane_name;
  view->crossing_point = config_.crossing_point;
  view->session = session_;
  for (const auto& device : devices_) {
    view->devices.push_back({device.info, device.health});
    view->simulated = view->simulated || device.info.simulated;
  }
  view->cameras = cameras_;

  for (const auto& v : visits_) {
    if (v.fold.id.empty()) continue;  // the journal has not taken its arrival yet
    if (!view->focus) {
      view->focus = v.fold;
      view->reads = reads_of(v);
      view->assessing = v.assessing;
    } else {
      view->others_open.push_back(v.fold);
    }
    if (v.fold.review_pending()) view->queue.push_back(v.fold);
  }
  std::stable_sort(view->queue.begin(), view->queue.end(), [](const auto& a, const auto& b) {
    return a.radiation_alarm_open() && !b.radiation_alarm_open();
  });
  for (const auto& crossing : recent_)
    view->recent.push_back(summary_of(crossing));

  view->weight = weight_;
  view->chain = chain_;
  view->facts = facts();
  view->entry_barrier = entry_barrier_;
  view->exit_barrier = exit_barrier_;
  view->works_by_hand = works_by_hand();
  view->reader_problem = reader_problem_;
  view->scan = progress_;
  view->images = images_;
  view->library = library_;
  view->library_problem = library_problem_;
  view->radiation = radiation_view();
  view->line = line_;
  view->storage = storage_view();
  view->outcomes.assign(outcomes_.begin(), outcomes_.end());
  view->search = search_;
  view->record = record_;
  view->journal_verified = journal_verified_;
  view->journal_verified_up_to = journal_verified_up_to_;
  view->journal_problem = journal_problem_;
  return view;
}

}  // namespace torugart::lane
