import os

import boto3

rds = boto3.client("rds")
dsql = boto3.client("dsql")


def connect():
    # No request is made: the token is one, which the database checks.
    return rds.generate_db_auth_token(
        DBHostname=os.environ.get("DB_HOST", "db.abc.eu-west-1.rds.amazonaws.com"), Port=5432, DBUsername="app"
    )


def cluster():
    return dsql.generate_db_connect_auth_token("ab1.dsql.eu-west-1.on.aws", "eu-west-1")


def admin():
    return dsql.generate_db_connect_admin_auth_token(Hostname="ab1.dsql.eu-west-1.on.aws", Region="eu-west-1")
