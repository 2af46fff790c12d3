//! `awswrangler` (AWS SDK for pandas) apart from S3: each function is a row of a table with the operations
//! that it performs and the arguments that name what they work on, from its API reference and source.

use perm_infer_analysis::{Args, Cx, HoleReason, Value};

use super::Python;
use crate::shared::{dict_of, request_items};

/// An operation: the service, its name, and the members that arguments fill, by position and name.
type Operation = (&'static str, &'static str, &'static [(&'static str, usize, &'static str)]);

const QUERY: &[Operation] = &[
    ("athena", "GetWorkGroup", &[("WorkGroup", 9, "workgroup")]),
    ("athena", "StartQueryExecution", &[("QueryString", 0, "sql"), ("WorkGroup", 9, "workgroup")]),
    ("athena", "GetQueryExecution", &[]),
    ("athena", "GetQueryResults", &[]),
];
const TABLE: &[(&str, usize, &str)] = &[("DatabaseName", 0, "database"), ("Name", 1, "table")];
const PUT_ITEMS: &[Operation] = &[
    ("dynamodb", "DescribeTable", &[("TableName", 1, "table_name")]),
    ("dynamodb", "BatchWriteItem", &[("RequestItems", 1, "table_name")]),
];
const READ_ITEMS: &[Operation] = &[
    ("dynamodb", "DescribeTable", &[("TableName", 0, "table_name")]),
    ("dynamodb", "GetItem", &[("TableName", 0, "table_name")]),
    ("dynamodb", "BatchGetItem", &[("RequestItems", 0, "table_name")]),
    ("dynamodb", "Query", &[("TableName", 0, "table_name"), ("IndexName", 1, "index_name")]),
    ("dynamodb", "Scan", &[("TableName", 0, "table_name")]),
];
const GET_SECRET: &[Operation] = &[("secretsmanager", "GetSecretValue", &[("SecretId", 0, "name")])];
const GET_TABLE: &[Operation] = &[("glue", "GetTable", TABLE)];
const GET_TABLES: &[Operation] = &[("glue", "GetTables", &[("DatabaseName", 1, "database")])];
const GET_DATABASES: &[Operation] = &[("glue", "GetDatabases", &[])];
const CREATE_TABLE: &[Operation] = &[
    ("glue", "GetTable", TABLE),
    ("glue", "CreateTable", &[("DatabaseName", 0, "database"), ("TableInput.Name", 1, "table")]),
    ("glue", "UpdateTable", &[("DatabaseName", 0, "database"), ("TableInput.Name", 1, "table")]),
];
const ADD_PARTITIONS: &[Operation] = &[
    ("glue", "GetTable", TABLE),
    ("glue", "BatchCreatePartition", &[("DatabaseName", 0, "database"), ("TableName", 1, "table")]),
];
const GET_PARTITIONS: &[Operation] =
    &[("glue", "GetPartitions", &[("DatabaseName", 0, "database"), ("TableName", 1, "table")])];

/// Functions by their names behind `awswrangler.`.
const FUNCTIONS: &[(&str, &[Operation])] = &[
    ("athena.read_sql_query", QUERY),
    ("athena.start_query_execution", QUERY),
    ("athena.get_query_execution", &[("athena", "GetQueryExecution", &[])]),
    ("athena.wait_query", &[("athena", "GetQueryExecution", &[])]),
    ("dynamodb.put_items", PUT_ITEMS),
    ("dynamodb.put_df", PUT_ITEMS),
    ("dynamodb.put_csv", PUT_ITEMS),
    ("dynamodb.put_json", PUT_ITEMS),
    ("dynamodb.delete_items", PUT_ITEMS),
    ("dynamodb.read_items", READ_ITEMS),
    ("secretsmanager.get_secret", GET_SECRET),
    ("secretsmanager.get_secret_json", GET_SECRET),
    ("catalog.table", GET_TABLE),
    ("catalog.does_table_exist", GET_TABLE),
    ("catalog.get_table_location", GET_TABLE),
    ("catalog.get_table_types", GET_TABLE),
    ("catalog.get_table_parameters", GET_TABLE),
    ("catalog.get_table_description", GET_TABLE),
    ("catalog.tables", GET_TABLES),
    ("catalog.get_tables", GET_TABLES),
    ("catalog.databases", GET_DATABASES),
    ("catalog.get_databases", GET_DATABASES),
    ("catalog.create_database", &[("glue", "CreateDatabase", &[("DatabaseInput.Name", 0, "name")])]),
    ("catalog.delete_database", &[("glue", "DeleteDatabase", &[("Name", 0, "name")])]),
    ("catalog.delete_table_if_exists", &[("glue", "DeleteTable", TABLE)]),
    ("catalog.create_parquet_table", CREATE_TABLE),
    ("catalog.create_csv_table", CREATE_TABLE),
    ("catalog.create_json_table", CREATE_TABLE),
    ("catalog.create_orc_table", CREATE_TABLE),
    ("catalog.add_parquet_partitions", ADD_PARTITIONS),
    ("catalog.add_csv_partitions", ADD_PARTITIONS),
    ("catalog.add_orc_partitions", ADD_PARTITIONS),
    ("catalog.get_partitions", GET_PARTITIONS),
    ("catalog.get_parquet_partitions", GET_PARTITIONS),
    ("catalog.get_csv_partitions", GET_PARTITIONS),
    ("sts.get_account_id", &[("sts", "GetCallerIdentity", &[])]),
    ("sts.get_current_identity_arn", &[("sts", "GetCallerIdentity", &[])]),
    ("timestream.query", &[("timestream-query", "Query", &[("QueryString", 0, "sql")])]),
    (
        "timestream.write",
        &[(
            "timestream-write",
            "WriteRecords",
            &[("DatabaseName", 1, "database"), ("TableName", 2, "table")],
        )],
    ),
];

impl Python<'_> {
    /// Calls a function of the package.
    pub(crate) fn call_wrangler(&self, cx: &mut Cx<'_, '_>, dotted: &str, args: &Args) -> Option<Value> {
        let path = dotted.strip_prefix("awswrangler.")?;
        let (_, operations) = FUNCTIONS.iter().find(|(function, _)| *function == path)?;
        for (service, operation, members) in *operations {
            let mut params = dict_of(&[]);
            for (member, position, name) in *members {
                let Some(value) = args.get(*position, name).cloned() else { continue };
                params.update(&match member.split_once('.') {
                    Some((outer, inner)) => {
                        let inner: Value = dict_of(&[(inner, Some(&value))]).into();
                        dict_of(&[(outer, Some(&inner))])
                    }
                    None if *member == "RequestItems" => request_items(cx, &value),
                    None => dict_of(&[(member, Some(&value))]),
                });
            }
            self.shared.perform_named(cx, service, operation, params.into());
        }
        Some(cx.unknown(HoleReason::Result(dotted.into())))
    }
}
