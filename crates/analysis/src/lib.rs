//! Abstract interpretation over facts: values, modules, calls, reachability
