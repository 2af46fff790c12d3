//! A generated source tree in the proportions of real repositories: nine files in ten have nothing to
//! do with an SDK. The same tree every time.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

/// Files of the tree.
pub(crate) const FILES: usize = 2_400;

/// Lines that make files as large as real ones are.
const FILLER_FUNCTIONS: usize = 24;

/// Writes the tree; gives its size in bytes.
pub(crate) fn write(root: &Path) -> io::Result<u64> {
    let mut bytes = 0;
    for number in 0..FILES {
        let folder = root.join(format!("service{:02}", number % 40)).join(format!("part{}", number % 5));
        fs::create_dir_all(&folder)?;
        let uses_sdk = number % 10 == 0;
        let (name, text) = match number % 3 {
            0 => (format!("module_{number}.py"), python(number, uses_sdk)),
            1 => (format!("module{number}.ts"), typescript(number, uses_sdk)),
            _ => (format!("module{number}.js"), javascript(number, uses_sdk)),
        };
        bytes += text.len() as u64;
        fs::write(folder.join(name), text)?;
    }
    Ok(bytes)
}

/// Numbers of functions in the series of ever larger projects.
pub(crate) const SERIES: [usize; 4] = [250, 500, 1_000, 2_000];

/// Writes a project of functions that call each other in one large cycle, with cross-calls, over modules
/// that import each other.
pub(crate) fn write_mutual(root: &Path, functions: usize) -> io::Result<()> {
    const PER_MODULE: usize = 50;
    fs::create_dir_all(root)?;
    let modules = functions.div_ceil(PER_MODULE);
    for module in 0..modules {
        let next = (module + 1) % modules;
        let mut text = format!("import boto3\n\nimport mutual_{next}\n\ns3 = boto3.client('s3')\n");
        for function in 0..PER_MODULE {
            let callee = match function + 1 {
                PER_MODULE => format!("mutual_{next}.step_0"),
                following => format!("step_{following}"),
            };
            let cross = format!("mutual_{next}.step_{}", (function * 7) % PER_MODULE);
            let _ = write!(
                text,
                "\n\ndef step_{function}(key, depth):\n    if depth > 100:\n        return key\n    s3.put_object(Bucket='mutual', Key=f'{{key}}.json')\n    if key:\n        return {cross}(key, depth)\n    return {callee}(key, depth)\n"
            );
        }
        fs::write(root.join(format!("mutual_{module}.py")), text)?;
    }
    Ok(())
}

/// One small handler, for the start-up.
pub(crate) fn write_one(root: &Path) -> io::Result<()> {
    fs::create_dir_all(root)?;
    let handler = "import boto3\n\ntable = boto3.resource('dynamodb').Table('orders')\n\n\ndef handler(event, context):\n    table.put_item(Item={'id': event['id']})\n";
    fs::write(root.join("app.py"), handler)
}

fn python(number: usize, uses_sdk: bool) -> String {
    let mut text = String::from("import json\nimport logging\n\nlogger = logging.getLogger(__name__)\n\n");
    if uses_sdk {
        let _ = write!(
            text,
            "import boto3\n\ns3 = boto3.client('s3')\n\n\ndef store(event, context):\n    key = f\"in/{{event['id']}}.json\"\n    s3.put_object(Bucket='bucket-{number}', Key=key, Body=json.dumps(event))\n    return s3.get_object(Bucket='bucket-{number}', Key=key)\n\n"
        );
    }
    for function in 0..FILLER_FUNCTIONS {
        let _ = write!(
            text,
            "\ndef compute_{function}(values, factor={function}):\n    \"\"\"Sums up what is left of the values.\"\"\"\n    total = 0\n    for index, value in enumerate(values):\n        if value > factor and index % 2 == 0:\n            total += value * factor\n        else:\n            logger.debug('skipping %s', value)\n    return {{'total': total, 'factor': factor}}\n"
        );
    }
    text
}

fn typescript(number: usize, uses_sdk: bool) -> String {
    let mut text = String::from(
        "import { readFileSync } from 'node:fs';\n\nexport interface Row { id: string; amount: number; }\n",
    );
    if uses_sdk {
        let _ = write!(
            text,
            "import {{ DynamoDBClient, PutItemCommand }} from '@aws-sdk/client-dynamodb';\nconst client = new DynamoDBClient({{}});\nexport const handler = async (event: {{ id: string }}) => {{\n  await client.send(new PutItemCommand({{ TableName: 'table-{number}', Item: {{ id: {{ S: event.id }} }} }}));\n}};\n"
        );
    }
    for function in 0..FILLER_FUNCTIONS {
        let _ = write!(
            text,
            "\nexport function select{function}(rows: Row[], limit = {function}): Row[] {{\n  const seen = new Set<string>();\n  return rows.filter((row) => {{\n    if (seen.has(row.id) || row.amount < limit) {{\n      return false;\n    }}\n    seen.add(row.id);\n    return true;\n  }}).map((row) => ({{ ...row, amount: row.amount * 2 }}));\n}}\n"
        );
    }
    text
}

fn javascript(number: usize, uses_sdk: bool) -> String {
    let mut text = String::from("'use strict';\n\nconst path = require('path');\n");
    if uses_sdk {
        let _ = write!(
            text,
            "const AWS = require('aws-sdk');\nconst sqs = new AWS.SQS();\nexports.handler = async (event) => {{\n  for (const record of event.Records) {{\n    await sqs.sendMessage({{ QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/123456789012/queue-{number}', MessageBody: record.body }}).promise();\n  }}\n}};\n"
        );
    }
    for function in 0..FILLER_FUNCTIONS {
        let _ = write!(
            text,
            "\nfunction render{function}(items, options) {{\n  const lines = [];\n  for (let i = 0; i < items.length; i += 1) {{\n    const item = items[i];\n    if (options.verbose) {{\n      lines.push(`${{i}}: ${{item.name}} (${{path.basename(item.file)}})`);\n    }} else {{\n      lines.push(item.name);\n    }}\n  }}\n  return lines.join('\\n');\n}}\n"
        );
    }
    text
}
