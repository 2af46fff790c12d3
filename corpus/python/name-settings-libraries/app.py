import boto3
from decouple import config
from dotenv import dotenv_values, load_dotenv
from environs import Env

load_dotenv()
env = Env()
env.read_env()
values = dotenv_values(".env.shared")

s3 = boto3.client("s3")


def handler(event, context):
    s3.put_object(Bucket=config("DECOUPLED"), Key="1", Body=b"")
    s3.put_object(Bucket=config("DECOUPLED_DEFAULT", default="decoupled"), Key="2", Body=b"")
    s3.put_object(Bucket=env("ENVIRONED"), Key="3", Body=b"")
    s3.put_object(Bucket=env.str("ENVIRONED_DEFAULT", "environed"), Key="4", Body=b"")
    s3.put_object(Bucket=values["SHARED"], Key="5", Body=b"")
    s3.put_object(Bucket=values.get("SHARED"), Key="6", Body=b"")
