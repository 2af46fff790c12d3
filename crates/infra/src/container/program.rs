//! What a command starts: a script, a module, a script of a package, or something that starts another command.

use perm_infer_policy::Pattern;

use super::dockerfile::text_of;
use crate::code::Runtime;
use crate::shell::{self, ARGUMENTS};

/// What a command starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Started {
    /// A file of source.
    Script(Runtime, String),
    /// A module of Python.
    Module(String),
    /// A script of `package.json`.
    Package(String),
    /// A shell script, and its arguments.
    Shell(String, Vec<Pattern>),
    /// The text of a shell script.
    Text(Pattern),
    /// What the container is given as its command.
    Arguments,
    /// A framework that looks for code itself.
    Everything,
    /// A program in a language that is not read.
    Foreign(String),
}

/// Programs that start the command behind them, with their options that take a value.
const WRAPPERS: &[(&str, &[&str])] = &[
    ("chamber", &["-b"]),
    ("ddtrace-run", &[]),
    ("doppler", &["-p", "-c", "--project", "--config"]),
    ("dotenv", &["-f", "-e"]),
    ("dumb-init", &["--rewrite"]),
    ("env", &["-u"]),
    ("gosu", &[]),
    ("newrelic-admin", &[]),
    ("nice", &["-n"]),
    ("nohup", &[]),
    ("npx", &["-p", "--package"]),
    ("opentelemetry-instrument", &["--traces_exporter", "--metrics_exporter", "--service_name"]),
    ("pdm", &[]),
    ("pipenv", &[]),
    ("poetry", &[]),
    ("su-exec", &[]),
    ("stdbuf", &["-o", "-e", "-i"]),
    ("sudo", &["-u", "-g"]),
    ("timeout", &["-s", "-k"]),
    ("tini", &["-e"]),
    ("tini-static", &["-e"]),
    ("uv", &["--package", "--project", "--directory", "--extra", "--group", "--with"]),
    ("xvfb-run", &["-s"]),
];

/// Words between such a program and the command.
const OF_WRAPPERS: [&str; 4] = ["run", "exec", "run-program", "--"];

/// Servers that are given a module of Python and what to serve of it, with their options that take no value.
const SERVERS: [&str; 8] =
    ["gunicorn", "uvicorn", "hypercorn", "granian", "daphne", "waitress-serve", "uwsgi", "robyn"];

/// Options of these servers, of Python and of Node.js that take no value.
const FLAGS: &[&str] = &[
    "--factory",
    "--reload",
    "--preload",
    "--proxy-headers",
    "--no-access-log",
    "--access-log",
    "--no-server-header",
    "--no-date-header",
    "--daemon",
    "--use-colors",
    "--no-use-colors",
    "--enable-stdio-inheritance",
    "--capture-output",
    "--check-config",
    "--paste",
    "--no-sendfile",
    "--reuse-port",
    "--spew",
    "--ws",
];

/// Languages that are not read, by what starts their programs.
const FOREIGN: [(&str, &str); 9] = [
    ("java", "Java"),
    ("dotnet", ".NET"),
    ("ruby", "Ruby"),
    ("bundle", "Ruby"),
    ("rails", "Ruby"),
    ("php", "PHP"),
    ("php-fpm", "PHP"),
    ("go", "Go"),
    ("catalina.sh", "Java"),
];

/// What the words of a command start; nothing where it starts no code of a project.
pub(super) fn started(words: &[Pattern]) -> Option<Started> {
    let (first, rest) = words.split_first()?;
    if first.as_literal() == Some(ARGUMENTS) {
        return Some(Started::Arguments);
    }
    if shell::assignment(first).is_some() {
        return started(rest);
    }
    let path = text_of(first);
    let name = path.rsplit('/').next().unwrap_or(&path).to_owned();
    let texts: Vec<String> = rest.iter().map(text_of).collect();
    if let Some((_, with_value)) = WRAPPERS.iter().find(|(known, _)| *known == name) {
        return wrapped(&name, rest, &texts, with_value);
    }
    if let Some((_, language)) = FOREIGN.iter().find(|(known, _)| *known == name) {
        return Some(Started::Foreign((*language).to_owned()));
    }
    match name.as_str() {
        "sh" | "bash" | "ash" | "dash" | "zsh" => of_shell(rest, &texts),
        _ if is_python(&name) => of_python(rest, &texts),
        "node" | "nodejs" | "bun" | "deno" | "tsx" | "ts-node" | "ts-node-dev" | "nodemon"
        | "pm2-runtime" => of_node(&texts),
        "npm" | "yarn" | "pnpm" => of_package(&texts, rest),
        "django-admin" | "celery" | "dagster" | "airflow" | "prefect" | "next" | "nuxt" | "nest"
        | "remix-serve" | "dramatiq" | "rq" | "huey_consumer" | "huey_consumer.py" => {
            Some(Started::Everything)
        }
        "flask" => Some(of_flask(&texts)),
        "streamlit" | "chainlit" | "fastapi" | "python-lambda-local" => {
            let file = texts.iter().find(|word| word.ends_with(".py"));
            Some(file.map_or(Started::Everything, |file| Started::Script(Runtime::Python, file.clone())))
        }
        _ if SERVERS.contains(&name.as_str()) => Some(of_server(&texts)),
        _ if name.ends_with(".sh") => Some(Started::Shell(path, rest.to_vec())),
        _ if name.ends_with(".jar") => Some(Started::Foreign("Java".to_owned())),
        "manage.py" => Some(Started::Everything),
        _ if is_script(&name) => Some(Started::Script(Runtime::Unknown, path)),
        _ => None,
    }
}

fn is_python(name: &str) -> bool {
    name.strip_prefix("python")
        .is_some_and(|version| version.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'))
        || name == "pypy3"
}

fn is_script(name: &str) -> bool {
    [".py", ".js", ".mjs", ".cjs", ".ts", ".mts", ".cts"].iter().any(|end| name.ends_with(end))
}

fn wrapped(name: &str, words: &[Pattern], texts: &[String], with_value: &[&str]) -> Option<Started> {
    // The first argument of some says how, not what.
    let mut has_argument = matches!(name, "chamber" | "gosu" | "su-exec" | "timeout");
    let mut position = 0;
    while let Some(word) = texts.get(position) {
        match word.as_str() {
            // Behind its mark everything is the command.
            "--" => {
                position += 1;
                break;
            }
            option if with_value.contains(&option) => position += 2,
            option if option.starts_with('-') || OF_WRAPPERS.contains(&option) => position += 1,
            _ if has_argument => {
                has_argument = false;
                position += 1;
            }
            _ => break,
        }
    }
    started(words.get(position..)?)
}

fn of_shell(words: &[Pattern], texts: &[String]) -> Option<Started> {
    let position = texts.iter().position(|word| !word.starts_with('-') && !word.starts_with('+'))?;
    let has_text = texts[..position].iter().any(|option| option.starts_with('-') && option.ends_with('c'));
    match has_text {
        true => Some(Started::Text(words[position].clone())),
        false => Some(Started::Shell(texts[position].clone(), words[position + 1..].to_vec())),
    }
}

fn of_python(words: &[Pattern], texts: &[String]) -> Option<Started> {
    let mut position = 0;
    while let Some(word) = texts.get(position) {
        match word.as_str() {
            "-m" => {
                let name = texts.get(position + 1)?;
                // Modules that are programs of their own.
                let program = Pattern::literal(name.clone());
                let as_command: Vec<Pattern> = std::iter::once(program)
                    .chain(words.get(position + 2..).unwrap_or_default().to_vec())
                    .collect();
                return match name.as_str() {
                    "awslambdaric" | "debugpy" | "pdb" | "cProfile" | "coverage" | "ddtrace" => {
                        let rest = &texts[position + 2..];
                        rest.iter()
                            .find(|word| word.ends_with(".py"))
                            .map(|file| Started::Script(Runtime::Python, file.clone()))
                    }
                    "http.server" | "pip" | "venv" | "pytest" | "compileall" | "json.tool" => None,
                    _ => started(&as_command).or_else(|| Some(Started::Module(name.clone()))),
                };
            }
            "-c" => return None,
            "-W" | "-X" => position += 2,
            option if option.starts_with('-') => position += 1,
            script if script.ends_with("manage.py") => return Some(Started::Everything),
            // Programs of packages by their path: `python /venv/bin/gunicorn`.
            script if !script.ends_with(".py") && script.contains("/bin/") => {
                return started(words.get(position..)?);
            }
            script => return Some(Started::Script(Runtime::Python, script.to_owned())),
        }
    }
    None
}

fn of_node(texts: &[String]) -> Option<Started> {
    let mut position = 0;
    while let Some(word) = texts.get(position) {
        match word.as_str() {
            "-r"
            | "--require"
            | "--import"
            | "--loader"
            | "--experimental-loader"
            | "--env-file"
            | "-P"
            | "--project"
            | "-i"
            | "--instances"
            | "--watch-path"
            | "--exec"
            | "-e"
            | "--ext"
            | "-w"
            | "--name" => position += 2,
            "run" | "start" | "watch" => position += 1,
            option if option.starts_with('-') => position += 1,
            script => return Some(Started::Script(Runtime::Node, script.to_owned())),
        }
    }
    None
}

/// `npm start`, `npm run name`, `yarn name`, `pnpm exec command`.
fn of_package(texts: &[String], words: &[Pattern]) -> Option<Started> {
    let mut names = texts.iter().enumerate().filter(|(_, word)| !word.starts_with('-'));
    let (position, first) = names.next()?;
    match first.as_str() {
        "run" | "run-script" => names.next().map(|(_, name)| Started::Package(name.clone())),
        "exec" | "x" | "dlx" | "node" => {
            let from = if first == "node" { position } else { position + 1 };
            let rest = words.get(from..)?;
            let rest =
                if rest.first().and_then(Pattern::as_literal) == Some("--") { &rest[1..] } else { rest };
            started(rest)
        }
        "install" | "ci" | "i" | "add" | "build" | "test" | "cache" | "config" | "prune" | "audit" => None,
        name => Some(Started::Package(name.to_owned())),
    }
}

/// `flask --app name run`.
fn of_flask(texts: &[String]) -> Started {
    let app = texts.iter().position(|word| word == "--app" || word == "-A").and_then(|at| texts.get(at + 1));
    app.map_or(Started::Everything, |app| module_of(app))
}

/// The first argument that looks like a module and what to serve of it.
fn of_server(texts: &[String]) -> Started {
    let mut position = 0;
    let mut last = None;
    while let Some(word) = texts.get(position) {
        let is_option = word.starts_with('-');
        let takes_value = is_option && !word.contains('=') && !FLAGS.contains(&word.as_str());
        match is_option {
            true => position += if takes_value { 2 } else { 1 },
            false => {
                last = Some(word);
                position += 1;
            }
        }
    }
    // An option that takes no value may stand before it.
    let with_colon = |word: &&String| {
        let (module, name) = word.split_once(':').unwrap_or_default();
        let is_name = |text: &str, more: &str| {
            !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == '_' || more.contains(c))
        };
        is_name(module, ".") && is_name(name, ".()") && !name.bytes().all(|byte| byte.is_ascii_digit())
    };
    let named = texts.iter().filter(|word| !word.starts_with('-')).find(with_colon).or(last);
    named.map_or(Started::Everything, |named| module_of(named))
}

fn module_of(name: &str) -> Started {
    let module = name.split(':').next().unwrap_or(name);
    match module.strip_suffix(".py") {
        Some(_) => Started::Script(Runtime::Python, module.to_owned()),
        None => Started::Module(module.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn of(line: &str) -> Option<Started> {
        let script = shell::read(&Pattern::literal(line), &shell::Variables::new());
        started(&script.commands.last()?.words)
    }

    fn python(path: &str) -> Option<Started> {
        Some(Started::Script(Runtime::Python, path.to_owned()))
    }

    fn node(path: &str) -> Option<Started> {
        Some(Started::Script(Runtime::Node, path.to_owned()))
    }

    fn module(name: &str) -> Option<Started> {
        Some(Started::Module(name.to_owned()))
    }

    #[test]
    fn interpreters_start_scripts_and_modules() {
        assert_eq!(of("python3.13 -u -X dev /app/main.py --x"), python("/app/main.py"));
        assert_eq!(of("python -m shop.worker"), module("shop.worker"));
        assert_eq!(of("node --enable-source-maps -r ./trace.js dist/index.js"), node("dist/index.js"));
        assert_eq!(of("/usr/local/bin/node ."), node("."));
        assert_eq!(of("pm2-runtime start dist/main.js -i max"), node("dist/main.js"));
        assert_eq!(of("python -c 'print(1)'"), None);
        assert_eq!(of("./run.py"), Some(Started::Script(Runtime::Unknown, "./run.py".to_owned())));
    }

    #[test]
    fn servers_are_given_a_module() {
        assert_eq!(of("gunicorn -w 4 --bind 0.0.0.0:80 --preload shop.main:app"), module("shop.main"));
        assert_eq!(of("uvicorn --factory shop.main:create_app --host 0.0.0.0"), module("shop.main"));
        assert_eq!(of("uvicorn --some-new-flag shop.main:app"), module("shop.main"));
        assert_eq!(of("gunicorn -c conf.py shop.wsgi"), module("shop.wsgi"));
        assert_eq!(of("python -m uvicorn main:app"), module("main"));
        assert_eq!(of("flask --app shop run"), module("shop"));
        assert_eq!(of("flask run --host 0.0.0.0"), Some(Started::Everything));
        assert_eq!(of("python manage.py runserver"), Some(Started::Everything));
        assert_eq!(of("streamlit run app.py"), python("app.py"));
    }

    #[test]
    fn commands_that_start_commands_are_passed_over() {
        for line in [
            "tini -- python a.py",
            "/usr/bin/dumb-init -- env LEVEL=x python a.py",
            "poetry run python a.py",
            "uv run --no-dev python a.py",
            "newrelic-admin run-program python a.py",
            "gosu app python a.py",
            "chamber exec shop -- python a.py",
            "timeout -k 5 60 python a.py",
        ] {
            assert_eq!(of(line), python("a.py"), "{line}");
        }
        assert_eq!(of("sh -c 'x'"), Some(Started::Text(Pattern::literal("x"))));
        assert_eq!(
            of("bash -e start.sh a"),
            Some(Started::Shell("start.sh".to_owned(), vec![Pattern::literal("a")]))
        );
    }

    #[test]
    fn scripts_of_packages_and_other_languages() {
        assert_eq!(of("npm start"), Some(Started::Package("start".to_owned())));
        assert_eq!(of("npm run --silent start:prod"), Some(Started::Package("start:prod".to_owned())));
        assert_eq!(of("pnpm exec tsx src/main.ts"), node("src/main.ts"));
        assert_eq!(of("yarn node dist/a.js"), node("dist/a.js"));
        assert_eq!(of("npm ci"), None);
        assert_eq!(of("java -jar app.jar"), Some(Started::Foreign("Java".to_owned())));
        assert_eq!(of("nginx -g 'daemon off;'"), None);
    }
}
