//! Libraries that read and write S3 by location: pandas, smart_open, s3fs, fsspec, pyarrow and awswrangler. What
//! each function does is a row of a table: where its location stands, and what happens there.

use perm_infer_analysis::{Args, Atom, Cx, LibraryValue, Text, Value};

use super::{Python, foreign::foreign, kind};
use crate::shared::{credentials, dict_of, made_with, split};

/// What is done with a location.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Access {
    /// Reads one object.
    Read,
    /// Reads every object below the location.
    ReadAll,
    /// Writes an object, in parts if it is large.
    Write,
    /// Writes objects below the location.
    WriteAll,
    /// Lists what is below the location.
    List,
    /// Looks whether there is an object or something below.
    Look,
    /// Looks at every object below the location.
    LookAll,
    /// Deletes one object, as part of a batch.
    Delete,
    /// Deletes every object below the location.
    DeleteAll,
    /// Copies from the location to the one in the next argument.
    Copy,
    /// Reads or writes, as the mode in the next argument says.
    Open,
}

/// A function or method, the position and name of its location, and what it does there.
type Row = (&'static str, usize, &'static str, Access);

/// Functions, by dotted name ("IO tools" in the pandas user guide, the README of smart_open, the API
/// reference of the AWS SDK for pandas).
const FUNCTIONS: &[Row] = &[
    ("pandas.read_csv", 0, "filepath_or_buffer", Access::Read),
    ("pandas.read_table", 0, "filepath_or_buffer", Access::Read),
    ("pandas.read_json", 0, "path_or_buf", Access::Read),
    ("pandas.read_excel", 0, "io", Access::Read),
    ("pandas.read_pickle", 0, "filepath_or_buffer", Access::Read),
    ("pandas.read_feather", 0, "path", Access::Read),
    ("pandas.read_parquet", 0, "path", Access::ReadAll),
    ("pandas.read_orc", 0, "path", Access::ReadAll),
    ("smart_open.open", 0, "uri", Access::Open),
    ("smart_open.smart_open", 0, "uri", Access::Open),
    ("fsspec.open", 0, "urlpath", Access::Open),
    ("awswrangler.s3.read_csv", 0, "path", Access::ReadAll),
    ("awswrangler.s3.read_excel", 0, "path", Access::Read),
    ("awswrangler.s3.read_json", 0, "path", Access::ReadAll),
    ("awswrangler.s3.read_orc", 0, "path", Access::ReadAll),
    ("awswrangler.s3.read_parquet", 0, "path", Access::ReadAll),
    ("awswrangler.s3.read_parquet_metadata", 0, "path", Access::ReadAll),
    ("awswrangler.s3.read_fwf", 0, "path", Access::ReadAll),
    ("awswrangler.s3.read_deltalake", 0, "path", Access::ReadAll),
    ("awswrangler.s3.describe_objects", 0, "path", Access::LookAll),
    ("awswrangler.s3.size_objects", 0, "path", Access::LookAll),
    ("awswrangler.s3.wait_objects_exist", 0, "paths", Access::Look),
    ("awswrangler.s3.to_csv", 1, "path", Access::WriteAll),
    ("awswrangler.s3.to_excel", 1, "file_path", Access::Write),
    ("awswrangler.s3.to_json", 1, "path", Access::WriteAll),
    ("awswrangler.s3.to_orc", 1, "path", Access::WriteAll),
    ("awswrangler.s3.to_parquet", 1, "path", Access::WriteAll),
    ("awswrangler.s3.download", 0, "path", Access::Read),
    ("awswrangler.s3.upload", 1, "path", Access::Write),
    ("awswrangler.s3.does_object_exist", 0, "path", Access::Look),
    ("awswrangler.s3.list_objects", 0, "path", Access::List),
    ("awswrangler.s3.list_directories", 0, "path", Access::List),
    ("awswrangler.s3.delete_objects", 0, "path", Access::DeleteAll),
];

/// Methods of the file systems of s3fs and pyarrow ("API" and "pyarrow.fs.S3FileSystem" in their
/// documentation).
const METHODS: &[Row] = &[
    ("open", 0, "path", Access::Open),
    ("cat", 0, "path", Access::Read),
    ("cat_file", 0, "path", Access::Read),
    ("read_bytes", 0, "path", Access::Read),
    ("read_text", 0, "path", Access::Read),
    ("get", 0, "rpath", Access::Read),
    ("get_file", 0, "rpath", Access::Read),
    ("download", 0, "rpath", Access::Read),
    ("put", 1, "rpath", Access::Write),
    ("put_file", 1, "rpath", Access::Write),
    ("upload", 1, "rpath", Access::Write),
    ("pipe", 0, "path", Access::Write),
    ("pipe_file", 0, "path", Access::Write),
    ("write_bytes", 0, "path", Access::Write),
    ("write_text", 0, "path", Access::Write),
    ("touch", 0, "path", Access::Write),
    ("open_input_stream", 0, "path", Access::Read),
    ("open_input_file", 0, "path", Access::Read),
    ("open_output_stream", 0, "path", Access::Write),
    ("get_file_info", 0, "paths_or_selector", Access::Look),
    ("delete_file", 0, "path", Access::Delete),
    ("ls", 0, "path", Access::List),
    ("find", 0, "path", Access::List),
    ("glob", 0, "path", Access::List),
    ("walk", 0, "path", Access::List),
    ("du", 0, "path", Access::List),
    ("exists", 0, "path", Access::Look),
    ("info", 0, "path", Access::Look),
    ("isdir", 0, "path", Access::Look),
    ("isfile", 0, "path", Access::Look),
    ("size", 0, "path", Access::Look),
    ("rm_file", 0, "path", Access::Delete),
    ("cp", 0, "path1", Access::Copy),
    ("cp_file", 0, "path1", Access::Copy),
    ("copy", 0, "path1", Access::Copy),
];

/// Methods of data frames that write to a location.
const FRAME_WRITERS: &[&str] =
    &["to_csv", "to_excel", "to_feather", "to_json", "to_orc", "to_parquet", "to_pickle"];

impl Python<'_> {
    /// Calls a function of such a library.
    pub(crate) fn call_storage(&self, cx: &mut Cx<'_, '_>, dotted: &str, args: &Args) -> Option<Value> {
        match dotted {
            "s3fs.S3FileSystem" | "s3fs.core.S3FileSystem" => return Some(file_system()),
            "pyarrow.fs.S3FileSystem" => return Some(self.arrow_file_system(cx, args)),
            "fsspec.filesystem" => {
                let protocol = args.get(0, "protocol").and_then(Value::as_str)?;
                return matches!(protocol, "s3" | "s3a").then(file_system);
            }
            _ => {}
        }
        let (_, position, name, access) = FUNCTIONS.iter().find(|(function, ..)| *function == dotted)?;
        // What this package reads and writes is in S3, whatever the location.
        let scheme = !dotted.starts_with("awswrangler.");
        let done = self.at_location(cx, args.get(*position, name)?, *access, args, *position, scheme);
        done.then(|| foreign(dotted))
    }

    /// `pyarrow.fs.S3FileSystem(role_arn=...)`: with a role, what it does is done as that role.
    fn arrow_file_system(&self, cx: &mut Cx<'_, '_>, args: &Args) -> Value {
        let given = |role: &&Value| role.is_open() || role.atoms().iter().any(|atom| *atom != Atom::Null);
        let Some(role) = args.named("role_arn").filter(given) else { return file_system() };
        self.shared.perform_named(cx, "sts", "AssumeRole", dict_of(&[("RoleArn", Some(role))]).into());
        made_with(file_system(), Some(&credentials(role)))
    }

    /// A method of a file system.
    pub(crate) fn storage_method(
        &self,
        cx: &mut Cx<'_, '_>,
        value: &LibraryValue,
        name: &str,
        args: &Args,
    ) -> Value {
        let row = match name {
            "rm" | "delete" => {
                let recursive = args
                    .get(1, "recursive")
                    .is_some_and(|recursive| recursive.atoms() != [Atom::Bool(false)]);
                Some((0, "path", if recursive { Access::DeleteAll } else { Access::Delete }))
            }
            "mv" | "move" => {
                if let Some(path) = args.get(0, "path1") {
                    self.at_location(cx, path, Access::Delete, args, 0, false);
                }
                Some((0, "path1", Access::Copy))
            }
            _ => METHODS
                .iter()
                .find(|(method, ..)| *method == name)
                .map(|(_, at, name, access)| (*at, *name, *access)),
        };
        if let Some((position, argument, access)) = row
            && let Some(location) = args.get(position, argument)
        {
            self.at_location(cx, location, access, args, position, false);
        }
        foreign(&value.name)
    }

    /// `frame.to_csv("s3://bucket/key")`: the location tells, whatever the frame is.
    pub(crate) fn frame_method(&self, cx: &mut Cx<'_, '_>, name: &str, args: &Args) -> Option<Value> {
        if !FRAME_WRITERS.contains(&name) {
            return None;
        }
        let location = args
            .positional
            .first()
            .or_else(|| ["path_or_buf", "path", "excel_writer"].iter().find_map(|name| args.named(name)))?;
        self.at_location(cx, location, Access::Write, args, 0, true).then(|| Atom::Null.into())
    }

    /// Reports what is done at a location, or at each of a list of them; false when it is no S3 location.
    /// With `scheme`, only `s3://` says that it is one.
    fn at_location(
        &self,
        cx: &mut Cx<'_, '_>,
        location: &Value,
        access: Access,
        args: &Args,
        position: usize,
        scheme: bool,
    ) -> bool {
        let locations = match location.single() {
            Some(Atom::List(list)) => list.element(),
            _ => location.clone(),
        };
        let mut any = false;
        for text in super::paths::text_of(cx, &locations).texts() {
            let Some((bucket, key)) = parts_of(&text, scheme) else { continue };
            any = true;
            match access {
                Access::Open => {
                    let mode =
                        args.get(position + 1, "mode").and_then(Value::as_str).unwrap_or("r").to_owned();
                    let access = if mode.contains(['w', 'a', 'x']) { Access::Write } else { Access::Read };
                    self.at(cx, &bucket, &key, access);
                }
                Access::Copy => {
                    let source = dict_of(&[("Bucket", Some(&bucket)), ("Key", Some(&key))]);
                    let target = args.get(position + 1, "path2").cloned().unwrap_or_default();
                    for target in super::paths::text_of(cx, &target).texts() {
                        let Some((bucket, key)) = parts_of(&target, scheme) else { continue };
                        let params = dict_of(&[
                            ("Bucket", Some(&bucket)),
                            ("Key", Some(&key)),
                            ("CopySource", Some(&source.clone().into())),
                        ]);
                        self.shared.perform_named(cx, "s3", "CopyObject", params.into());
                    }
                    self.shared.perform_named(cx, "s3", "HeadObject", source.into());
                }
                _ => self.at(cx, &bucket, &key, access),
            }
        }
        any
    }

    fn at(&self, cx: &mut Cx<'_, '_>, bucket: &Value, key: &Value, access: Access) {
        let below = cx.concat(key, &Value::from(Atom::Text(crate::shared::computed())));
        let is_file = key.texts().all(|key| is_file(&key));
        let of = |key: &Value| Value::from(dict_of(&[("Bucket", Some(bucket)), ("Key", Some(key))]));
        let list = dict_of(&[("Bucket", Some(bucket)), ("Prefix", Some(key))]);
        let (one, all) = match access {
            Access::ReadAll | Access::WriteAll | Access::LookAll if is_file => (key.clone(), key.clone()),
            _ => (key.clone(), below),
        };
        let mut perform = |operation: &str, params: Value| {
            self.shared.perform_named(cx, "s3", operation, params);
        };
        match access {
            Access::Read => {
                perform("HeadObject", of(&one));
                perform("GetObject", of(&one));
            }
            Access::ReadAll => {
                perform("ListObjectsV2", list.into());
                perform("HeadObject", of(&all));
                perform("GetObject", of(&all));
            }
            Access::Write | Access::WriteAll => {
                let key = if access == Access::Write { one } else { all };
                perform("PutObject", of(&key));
                perform("AbortMultipartUpload", of(&key));
            }
            Access::List => perform("ListObjectsV2", list.into()),
            Access::Look | Access::LookAll => {
                perform("HeadObject", of(if access == Access::Look { &one } else { &all }));
                perform("ListObjectsV2", list.into());
            }
            Access::Delete | Access::DeleteAll => {
                let key = if access == Access::Delete { one } else { all };
                if access == Access::DeleteAll {
                    perform("ListObjectsV2", list.into());
                }
                perform("DeleteObject", of(&key));
            }
            Access::Copy | Access::Open => {}
        }
    }
}

fn file_system() -> Value {
    Value::library(kind::FILE_SYSTEM, "s3fs", Vec::new())
}

/// Bucket and key of `s3://bucket/key`, or of `bucket/key` where that is a location too.
fn parts_of(text: &Text, scheme: bool) -> Option<(Value, Value)> {
    let mut pieces = split(text, "/").into_iter();
    let mut first = pieces.next()?;
    let is_scheme = first.to_literal().is_some_and(|first| matches!(first.as_str(), "s3:" | "s3a:" | "s3n:"));
    if is_scheme {
        pieces.next()?;
        first = pieces.next()?;
    } else if scheme {
        return None;
    }
    let mut key = Text::default();
    if pieces.len() == 0 && first.has_hole() {
        // What is not known may be the key too.
        key = crate::shared::computed();
    }
    for (position, piece) in pieces.enumerate() {
        if position > 0 {
            key.push_text(&Text::literal("/", None));
        }
        key.push_text(&piece);
    }
    // A pattern is matched by the library against what it lists: what stands behind it is open.
    Some((Atom::Text(first).into(), Atom::Text(until_pattern(&key)).into()))
}

fn until_pattern(key: &Text) -> Text {
    let mut result = Text::default();
    for part in key.parts() {
        match part.literal().and_then(|literal| Some((literal, literal.find(['*', '?', '['])?))) {
            Some((literal, at)) => {
                result.push_text(&Text::literal(&literal[..at], part.site));
                result.push_text(&crate::shared::computed());
                return result;
            }
            None => result.push(part.clone()),
        }
    }
    result
}

/// Whether a key is that of a file: its last segment has an ending.
fn is_file(key: &Text) -> bool {
    let last = key.parts().last().and_then(|part| part.literal());
    last.is_some_and(|last| last.rsplit('/').next().is_some_and(|name| name.contains('.')))
}
