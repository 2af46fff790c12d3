//! What SDK libraries mean: boto3, botocore, aws-sdk v2, @aws-sdk v3
