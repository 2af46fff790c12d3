import csv

import boto3


def load(path):
    table = boto3.resource("dynamodb").Table("postcodes")
    with open(path, newline="") as file, table.batch_writer() as batch:
        for row in csv.DictReader(file):
            if row["town"]:
                batch.put_item(Item=row)
            else:
                batch.delete_item(Key={"code": row["code"]})


if __name__ == "__main__":
    load("postcodes.csv")
