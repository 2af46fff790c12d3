//! Where Terraform keeps the policy of a function: a policy of its role in the same module. It is written as
//! a data source and a resource of its own, behind the role, between two comments.

use std::ops::Range;

use hcl_edit::Span as _;
use hcl_edit::expr::{Expression as Hcl, TraversalOperator};
use hcl_edit::structure::{Block, Body, Structure};
use hcl_edit::visit::{Visit, visit_traversal};
use perm_infer_diagnostics::{LineIndex, Location};

use crate::block::{BEGIN, BEGIN_LINE, END};
use crate::place::Source;
use crate::statement::TemplateStatement;
use crate::text::{Edit, line_end, line_ending, next_line};

/// The files of a module.
#[derive(Debug)]
pub(crate) struct Module {
    files: Vec<File>,
}

#[derive(Debug)]
struct File {
    path: String,
    text: String,
    blocks: Vec<Block>,
}

/// The role of a function.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Spot {
    role: String,
}

impl Module {
    /// Reads the files; one that is no HCL is taken for empty, as it is reported where it is read for its
    /// functions.
    pub(crate) fn read(sources: Vec<Source>) -> Module {
        let file = |source: Source| {
            let blocks = source.text.parse::<Body>().map(|body| {
                let blocks = body.into_iter().filter_map(|structure| match structure {
                    Structure::Block(block) => Some(block),
                    Structure::Attribute(_) => None,
                });
                blocks.collect()
            });
            File { path: source.path, text: source.text, blocks: blocks.unwrap_or_default() }
        };
        Module { files: sources.into_iter().map(file).collect() }
    }

    /// The role of the function that is defined at a place.
    /// `named` is the role of a unit that may have several.
    pub(crate) fn spot(&self, location: &Location, named: Option<&str>) -> Result<Spot, String> {
        let block = self.block_at(location).ok_or("it is not found in the files of its module")?;
        if block.ident.as_str() != "resource" {
            return Err("a module of a registry makes its role".to_owned());
        }
        let stated = block.body.get_attribute("role").map(|role| role_in(&role.value));
        let named = || named?.rsplit_once("aws_iam_role:").map(|(_, label)| label.to_owned());
        let role = match stated {
            Some(role) => role,
            None => Some(named().ok_or("it has no `role`")?),
        };
        let role = role.ok_or("its role is no `aws_iam_role` of its module")?;
        match self.role(&role) {
            Some(_) => Ok(Spot { role }),
            None => Err(format!("aws_iam_role.{role} is not defined in its module")),
        }
    }

    fn block_at(&self, location: &Location) -> Option<&Block> {
        let file = self.files.iter().find(|file| file.path == location.path)?;
        let lines = LineIndex::new(&file.text);
        file.blocks.iter().find(|block| {
            block.span().is_some_and(|span| {
                u32::try_from(span.start).is_ok_and(|start| lines.line(start) == location.line)
            })
        })
    }

    /// A block by its kind and labels.
    fn find(&self, kind: &str, labels: &[&str]) -> Option<(&File, &Block)> {
        self.files.iter().find_map(|file| {
            let is_it = |block: &&Block| {
                block.ident.as_str() == kind
                    && block.labels.len() == labels.len()
                    && block.labels.iter().zip(labels).all(|(label, wanted)| label.as_str() == *wanted)
            };
            file.blocks.iter().find(is_it).map(|block| (file, block))
        })
    }

    fn role(&self, name: &str) -> Option<(&File, &Block)> {
        self.find("resource", &["aws_iam_role", name])
    }

    /// Whether an expression means one value in this module.
    fn is_known(&self, reference: &str) -> bool {
        // A key may have dots in it.
        let (address, is_copy) = match reference.split_once('[') {
            Some((address, _)) => (address, true),
            None => (reference.rsplit_once('.').map_or(reference, |(address, _)| address), false),
        };
        let parts: Vec<&str> = address.split('.').collect();
        let found = match parts.as_slice() {
            ["var"] => reference.strip_prefix("var.").and_then(|name| self.find("variable", &[name])),
            ["data", kind, name] => self.find("data", &[kind, name]),
            [kind, name] => self.find("resource", &[kind, name]),
            _ => None,
        };
        found.is_some_and(|(_, block)| is_repeated(block) == is_copy)
    }

    /// The edits that make the policy of a role hold these statements.
    pub(crate) fn set(&self, spot: &Spot, statements: &[TemplateStatement]) -> Vec<Edit> {
        let mark = format!("{BEGIN} aws_iam_role.{}", spot.role);
        let Some((file, role)) = self.role(&spot.role) else { return Vec::new() };
        let new = (!statements.is_empty()).then(|| {
            let head = BEGIN_LINE.replacen(BEGIN, &mark, 1);
            let policy =
                self.policy(spot, role, &format!("{}_perm_infer", spot.role), "perm-infer", statements);
            format!("{head}\n{policy}{END}")
        });
        let managed = self.files.iter().find_map(|file| managed(file, &mark).map(|range| (file, range)));
        match (managed, new) {
            (Some((file, range)), Some(new)) => {
                let new = new.replace('\n', line_ending(&file.text));
                if file.text[range.clone()] == new { Vec::new() } else { vec![edit(file, range, new)] }
            }
            (Some((file, range)), None) => {
                vec![edit(file, with_blank_line(&file.text, range), String::new())]
            }
            (None, Some(new)) => vec![behind(file, role, &new)],
            (None, None) => Vec::new(),
        }
    }

    /// The edits that give a role a policy with these statements.
    pub(crate) fn add(&self, spot: &Spot, statements: &[TemplateStatement]) -> Vec<Edit> {
        let Some((file, role)) = self.role(&spot.role) else { return Vec::new() };
        let mut bodies: Vec<String> = Vec::new();
        let mut new = Vec::new();
        for statement in statements {
            let body = statement.to_hcl(&|reference| self.is_known(reference));
            let is_there = |file: &File| file.text.replace("\r\n", "\n").contains(&body);
            if !bodies.contains(&body) && !self.files.iter().any(is_there) {
                bodies.push(body);
                new.push(statement.clone());
            }
        }
        let Some(first) = new.first() else { return Vec::new() };
        let sid = first.sid.as_deref().unwrap_or("added").to_ascii_lowercase();
        // Policies of one role have to differ in their names.
        let mut names = (1..).map(|number| if number == 1 { sid.clone() } else { format!("{sid}_{number}") });
        let label = |name: &str| format!("{}_{name}", spot.role);
        let free = |name: &String| self.find("data", &["aws_iam_policy_document", &label(name)]).is_none();
        let Some(name) = names.find(free) else { return Vec::new() };
        let policy = self.policy(spot, role, &label(&name), &name, &new);
        vec![behind(file, role, policy.trim_end())]
    }

    fn policy(
        &self,
        spot: &Spot,
        role: &Block,
        label: &str,
        name: &str,
        statements: &[TemplateStatement],
    ) -> String {
        let statements: Vec<String> =
            statements.iter().map(|one| one.to_hcl(&|reference| self.is_known(reference))).collect();
        let address = format!("aws_iam_role.{}", spot.role);
        let (repeat, role) = if role.body.has_attribute("for_each") {
            (format!("  for_each = {address}\n\n"), "each.value.id".to_owned())
        } else if role.body.has_attribute("count") {
            (format!("  count = length({address})\n\n"), format!("{address}[count.index].id"))
        } else {
            (String::new(), format!("{address}.id"))
        };
        format!(
            "data \"aws_iam_policy_document\" \"{label}\" {{\n{}}}\n\n\
             resource \"aws_iam_role_policy\" \"{label}\" {{\n{repeat}  name   = \"{name}\"\n  role   = {role}\n  \
             policy = data.aws_iam_policy_document.{label}.json\n}}\n",
            statements.join("\n")
        )
    }
}

fn edit(file: &File, range: Range<usize>, text: String) -> Edit {
    Edit { path: file.path.clone(), range, text }
}

/// The lines behind a block, with an empty line before them.
fn behind(file: &File, block: &Block, lines: &str) -> Edit {
    let ending = line_ending(&file.text);
    let at = line_end(&file.text, block.span().map_or(file.text.len(), |span| span.end));
    edit(file, at..at, format!("{ending}{ending}{}", lines.replace('\n', ending)))
}

/// Whether `count` or `for_each` makes several of it.
fn is_repeated(block: &Block) -> bool {
    block.body.has_attribute("count") || block.body.has_attribute("for_each")
}

/// From the comment with the mark to the end of the one that ends it, both outside of blocks.
fn managed(file: &File, mark: &str) -> Option<Range<usize>> {
    let text = &file.text;
    let is_outside =
        |offset: usize| !file.blocks.iter().filter_map(Block::span).any(|span| span.contains(&offset));
    let mut start = None;
    let mut at = 0;
    while at < text.len() {
        let line = text[at..line_end(text, at)].trim_end();
        let is_mark = line.strip_prefix(mark).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
        match start {
            None if is_mark && is_outside(at) => start = Some(at),
            Some(start) if line.starts_with(END) && is_outside(at) => return Some(start..line_end(text, at)),
            _ => {}
        }
        at = next_line(text, at);
    }
    None
}

/// The lines with the empty line before them.
fn with_blank_line(text: &str, range: Range<usize>) -> Range<usize> {
    let before = text[..range.start].trim_end_matches(['\n', '\r']).len();
    before..range.end
}

/// The one role that an expression refers to: `aws_iam_role.worker.arn`.
fn role_in(expression: &Hcl) -> Option<String> {
    #[derive(Default)]
    struct Roles(Vec<String>);
    impl Visit for Roles {
        fn visit_traversal(&mut self, node: &hcl_edit::expr::Traversal) {
            if let Hcl::Variable(root) = &node.expr
                && root.as_str() == "aws_iam_role"
                && let Some(TraversalOperator::GetAttr(name)) =
                    node.operators.first().map(|first| first.value())
            {
                self.0.push(name.as_str().to_owned());
            }
            visit_traversal(self, node);
        }
    }
    let mut roles = Roles::default();
    roles.visit_expr(expression);
    roles.0.dedup();
    match roles.0.as_slice() {
        [only] => Some(only.clone()),
        _ => None,
    }
}
