import boto3

glue = boto3.client("glue")
memory = boto3.client("opensearchmemory")

# Younger than the IAM data, in a service that names its actions after its operations.
glue.create_glossary(Name="finance")
# The prefix of the service is not documented.
memory.get_space(spaceId="s")
