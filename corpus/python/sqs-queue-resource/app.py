import boto3

sqs = boto3.resource("sqs")


def handler(event, context):
    jobs = sqs.get_queue_by_name(QueueName="jobs")
    jobs.send_message(MessageBody=event["job"])
    done = []
    for message in jobs.receive_messages(MaxNumberOfMessages=5):
        done.append(message.body)
        message.delete()
    jobs.send_messages(Entries=[{"Id": "1", "MessageBody": "end"}])
    return done
