import boto3

cloudformation = boto3.client("cloudformation")

# The stack's resources are made with the rights of this code.
cloudformation.create_stack(StackName="site", TemplateBody="{}")
# Here with those of the role.
cloudformation.update_stack(
    StackName="site", TemplateBody="{}", RoleARN="arn:aws:iam::123456789012:role/deploy"
)
