import awswrangler as wr


def handler(event, context):
    frame = wr.s3.read_parquet(path="s3://lake-raw/orders/", dataset=True)
    wr.s3.to_parquet(df=frame, path="s3://lake-clean/orders/", dataset=True)
    wr.s3.to_csv(frame, "s3://lake-clean/orders.csv")
    wr.s3.delete_objects("s3://lake-temp/run/")
