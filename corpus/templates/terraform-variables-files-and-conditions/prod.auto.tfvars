stage  = "prod"
bucket = "other-files"
