// The fold as one JSON object, for export, reports and the demo.
#include "kiosk/inspection/value_json.h"

namespace torugart::inspection {

using nlohmann::json;

namespace {

template <typename T>
json optional_json(const std::optional<T>& value) {
  return value ? write_value(*value) : json(nullptr);
}

json stages_json(const Crossing& c) {
  json stages = json::array();
  for (std::size_t i = 0; i < c.stage_times.size(); ++i) {
    const StageTime& begin = c.stage_times[i];
    json stage{{"stage", std::string(to_string(begin.stage))}, {"wall_us", begin.wall_us}};
    if (i + 1 < c.stage_times.size())
      stage["seconds"] = static_cast<double>(c.stage_times[i + 1].wall_us - begin.wall_us) * 1e-6;
    stages.push_back(std::move(stage));
  }
  return stages;
}

}  // namespace

json to_json(const Crossing& c) {
  json marks = json::array();
  for (const Mark& mark : c.marks) {
    json one = write_value(mark.region);
    one["mark"] = mark.id;
    one["actor"] = mark.actor;
    marks.push_back(std::move(one));
  }
  return json{{"id", c.id},
              {"title", c.title()},
              {"stage", std::string(to_string(c.stage))},
              {"first_seq", c.first_seq},
              {"last_seq", c.last_seq},
              {"arrived_wall_us", c.arrived_wall_us},
              {"direction", std::string(to_string(c.direction))},
              {"follows_closely", c.follows_closely},
              {"reads", write_value(c.reads)},
              {"numbers", write_value(c.numbers)},
              {"identity_confirmed", c.identity_confirmed},
              {"documents", write_value(c.documents)},
              {"risk", optional_json(c.risk)},
              {"colour", std::string(to_string(c.colour))},
              {"rerouted", c.rerouted},
              {"holds_lifted", c.holds_lifted},
              {"weights", write_value(c.weights)},
              {"radiation", optional_json(c.radiation)},
              {"radiation_resolved", c.radiation_resolved},
              {"scans", write_value(c.scans)},
              {"marks", std::move(marks)},
              {"seals", write_value(c.seals)},
              {"decision", optional_json(c.decision)},
              {"decided_by", c.decided_by},
              {"review_requested", c.review_requested},
              {"review", optional_json(c.review)},
              {"reviewed_by", c.reviewed_by},
              {"examination", optional_json(c.examination)},
              {"detained", c.detained},
              {"released", c.released},
              {"departed", c.departed},
              {"departed_without_release", c.departed_without_release},
              {"cancelled", c.cancelled},
              {"handled_by", c.handled_by},
              {"acknowledged_up_to", c.acknowledged_up_to},
              {"stages", stages_json(c)}};
}

}  // namespace torugart::inspection
