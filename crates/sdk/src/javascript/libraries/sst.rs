//! What SST gives applications to call the resources that are linked to them: its `bus` and `task` make signed
//! requests of their own (SST, "Bus" and "Task", section "SDK").

use perm_infer_analysis::{Args, Atom, Cx, HoleReason, Value};

use super::super::Javascript;
use super::super::names::Name;
use crate::shared::dict_of;

impl Javascript<'_> {
    pub(super) fn call_sst(&self, cx: &mut Cx<'_, '_>, name: Name<'_>, args: &Args) -> Option<Value> {
        match (name.module, name.path) {
            ("sst/aws/bus", "bus.publish") => {
                let bus = args.at(0)?.clone();
                let bus = bus.map(
                    |atom| match atom {
                        Atom::Text(_) => atom.clone().into(),
                        _ => cx.attribute(&atom.clone().into(), "name"),
                    },
                    |hole| Value::unknown((**hole).clone()),
                );
                let entries = Value::list(vec![dict_of(&[("EventBusName", Some(&bus))]).into()]);
                let params = dict_of(&[("Entries", Some(&entries))]).into();
                self.shared.perform_named(cx, "events", "PutEvents", params);
            }
            ("sst/aws/task", "task.run") => {
                let task = args.at(0)?.clone();
                let definition = cx.attribute(&task, "taskDefinition");
                let cluster = cx.attribute(&task, "cluster");
                let params =
                    dict_of(&[("cluster", Some(&cluster)), ("taskDefinition", Some(&definition))]).into();
                self.shared.perform_named(cx, "ecs", "RunTask", params);
            }
            ("sst/aws/task", path @ ("task.describe" | "task.stop")) => {
                let cluster = cx.attribute(args.at(0)?, "cluster");
                let task = args.at(1).cloned().unwrap_or_default();
                let (operation, member, task) = match path {
                    "task.describe" => ("DescribeTasks", "tasks", Value::list(vec![task])),
                    _ => ("StopTask", "task", task),
                };
                let params = dict_of(&[("cluster", Some(&cluster)), (member, Some(&task))]).into();
                self.shared.perform_named(cx, "ecs", operation, params);
            }
            _ => return None,
        }
        Some(cx.unknown(HoleReason::Result(name.path.into())))
    }
}
