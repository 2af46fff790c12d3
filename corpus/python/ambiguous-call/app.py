from botocore.exceptions import ClientError


def tags(client, arn):
    """Dozens of services have this operation, and nothing tells which one is meant."""
    try:
        return client.list_tags_for_resource(ResourceARN=arn)["Tags"]
    except ClientError:
        return []
