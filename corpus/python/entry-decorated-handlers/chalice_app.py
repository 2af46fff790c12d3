import boto3
from chalice import Chalice, Cron

app = Chalice(app_name="jobs")
table = boto3.resource("dynamodb").Table("chalice-jobs")


@app.route("/jobs/{job_id}")
def job(job_id):
    return table.get_item(Key={"id": job_id})


@app.schedule(Cron(0, 1, "*", "*", "?", "*"))
def nightly(event):
    table.scan()


@app.on_s3_event(bucket="chalice-in", events=["s3:ObjectCreated:*"])
def created(event):
    boto3.client("s3").get_object(Bucket="chalice-in", Key=event.key)


@app.lambda_function()
def plain(event, context):
    table.put_item(Item=event)
