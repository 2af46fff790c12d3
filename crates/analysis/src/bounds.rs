//! Every bound of the analysis. Each one trades precision for time or memory; past it values widen,
//! and what widened reaches the user as a diagnostic.

/// Alternatives that one value keeps apart; more become a pattern or unknown.
pub const MAX_ALTERNATIVES: usize = 32;
/// Lists, and dictionaries, that one value keeps apart; more are merged entry by entry.
pub const MAX_CONTAINERS: usize = 4;
/// Elements of a list that keep their position.
pub const MAX_LIST_ITEMS: usize = 256;
/// Entries that a dictionary keeps apart.
pub const MAX_DICT_ENTRIES: usize = 1024;
/// Values inside one container, counted with repetition; a heavier container is unknown.
pub const MAX_VALUE_WEIGHT: u32 = 3_000;
/// Levels of containers in one another; of a deeper one the innermost are unknown. Functions that walk data
/// recursively build them without end.
pub const MAX_VALUE_DEPTH: u8 = 9;
/// Values inside a container that is too deep of which the outer levels are kept; a heavier one is unknown.
pub const MAX_CUT_WEIGHT: u32 = 500;
/// Parts of one string; a string of more is cut with a hole. The longest ARN is 2,048 bytes.
pub const MAX_TEXT_PARTS: usize = 64;
/// Turns of a loop before variables that still change become unknown.
pub const MAX_LOOP_TURNS: usize = 4;
/// Elements of a constant list for which a loop body is evaluated one by one.
pub const MAX_UNROLL: usize = 16;
/// Product of nested unrolled loops.
pub const MAX_UNROLL_PRODUCT: usize = 128;
/// Distinct arguments for which one function is evaluated; more calls share one joined evaluation.
pub const MAX_CONTEXTS_PER_FUNCTION: usize = 64;
/// Distinct arguments for which one function is evaluated for each function that is handed to it.
pub const MAX_CONTEXTS_PER_HANDED: usize = 8;
/// Activations of one function definition, over all that it closes over, that are told apart by their
/// arguments.
pub const MAX_CONTEXTS_PER_CLOSURE: usize = 1024;
/// Contexts of the functions of one file, besides [`MAX_CONTEXTS_PER_FILE_FUNCTION`]; a file that takes
/// more is evaluated roughly: each function once, whatever data it is called with. Libraries that hand
/// functions to functions would otherwise take one for each way through them.
pub const MAX_CONTEXTS_PER_FILE: usize = 1_000;
/// What each function of a file adds to [`MAX_CONTEXTS_PER_FILE`].
pub const MAX_CONTEXTS_PER_FILE_FUNCTION: usize = 4;
/// Instances of one class that are kept apart; more share one.
pub const MAX_INSTANCES_PER_CLASS: usize = 64;
/// Contexts of one function that are evaluated inside each other; deeper calls share one.
pub const MAX_RUNNING_CONTEXTS: usize = 4;
/// Times a recursive function is evaluated to find its result.
pub const MAX_RECURSION_TURNS: usize = 4;
/// Times the whole component is evaluated until shared variables stop changing.
pub const MAX_ROUNDS: usize = 6;
/// Alternatives of one call's arguments (spread dictionaries) that are kept apart.
pub const MAX_ARGUMENT_SETS: usize = 8;
/// Evaluations inside evaluations (calls, statements and expressions together); deeper ones are
/// unknown. The threads that run the analysis have a stack for this many.
pub const MAX_NESTING: usize = 6_000;
/// Bytes of stack for a thread that runs the analysis: what [`MAX_NESTING`] levels need, with room for
/// unoptimised builds. Only what is used is ever backed by memory.
pub const STACK_BYTES: usize = 512 << 20;

/// Instances on each of which a method is run that nothing calls; more are taken in groups.
pub const MAX_SEPARATE_RECEIVERS: usize = 4;
