//! Turns the text under `data/` into the tables that the crate embeds. Needs no network and no
//! dependency; a malformed line stops the build with its file and line.

#[path = "build/encode.rs"]
mod encode;
#[path = "format/mod.rs"]
mod format;
#[path = "build/naming.rs"]
mod naming;

use format::{FormatError, IamService, Resources, Service};
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let data = Path::new("data");
    for watched in ["data/sdk", "data/iam", "data/resources", "build.rs", "build", "format"] {
        println!("cargo::rerun-if-changed={watched}");
    }
    // The tables are searched by name, and file names order differently (`iot-data.txt` before `iot.txt`).
    let mut catalogue = encode::Catalogue {
        services: read_all(&data.join("sdk"), Service::parse)?,
        iam: read_all(&data.join("iam"), IamService::parse)?,
        resources: read_all(&data.join("resources"), Resources::parse)?,
    };
    catalogue.services.sort_by(|left, right| left.name.cmp(&right.name));
    for service in &mut catalogue.services {
        service.operations.sort_by(|left, right| left.name.cmp(&right.name));
    }
    let tables = encode::encode(&catalogue)?;
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    fs::write(out.join("strings.txt"), &tables.strings)?;
    fs::write(out.join("table.bin"), &tables.bytes)?;
    fs::write(out.join("layout.rs"), &tables.layout)?;
    Ok(())
}

fn read_all<T>(
    directory: &Path,
    parse: fn(&str) -> Result<T, FormatError>,
) -> Result<Vec<T>, Box<dyn Error>> {
    let mut paths = fs::read_dir(directory)?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<Vec<_>, std::io::Error>>()?;
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path)?;
            parse(&text).map_err(|error| format!("{}: {error}", path.display()).into())
        })
        .collect()
}
