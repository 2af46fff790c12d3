import pandas as pd

SOURCE = "s3://pandas-in/orders.csv"


def handler(event, context):
    orders = pd.read_csv(SOURCE)
    rates = pd.read_parquet(f"s3://pandas-in/rates/{event['day']}.parquet")
    joined = orders.merge(rates)
    joined.to_csv("s3://pandas-out/joined.csv", index=False)
    pd.read_csv("local.csv").to_csv("/tmp/local.csv")
    save(joined)


def save(frame):
    frame.to_json("s3://pandas-out/joined.json")
