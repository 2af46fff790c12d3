use crate::{Catalog, ParamSource};

fn service(name: &str) -> crate::Service {
    Catalog::embedded().service(name).expect("a known service")
}

#[test]
fn services_are_found_under_every_name() {
    let catalog = Catalog::embedded();
    let s3 = service("s3");
    assert_eq!(
        (s3.v3_package(), s3.v3_client(), s3.v3_aggregated()),
        ("@aws-sdk/client-s3", "S3Client", "S3")
    );
    assert_eq!(catalog.service_for_v3_package("@aws-sdk/client-sfn"), Some(service("stepfunctions")));
    assert_eq!(catalog.service_for_v3_package("@aws-sdk/client-cloudwatch-logs"), Some(service("logs")));
    assert_eq!(service("logs").v3_client(), "CloudWatchLogsClient");
    for (class, name) in [
        ("S3", "s3"),
        ("DynamoDB", "dynamodb"),
        ("StepFunctions", "stepfunctions"),
        ("CloudWatchLogs", "logs"),
        ("EventBridge", "events"),
        ("CognitoIdentityServiceProvider", "cognito-idp"),
        ("SecretsManager", "secretsmanager"),
        ("IotData", "iot-data"),
        ("ELBv2", "elbv2"),
        ("CloudWatchEvents", "events"),
        ("aws-sdk/clients/sqs", "sqs"),
    ] {
        assert_eq!(catalog.service_for_v2_class(class), Some(service(name)), "{class}");
    }
    assert_eq!(catalog.service("nothing"), None);
    assert_eq!(catalog.service_for_v3_package("@aws-sdk/client-nothing"), None);
}

#[test]
fn operations_are_found_under_every_name() {
    let put = service("s3").operation("PutObject").expect("known");
    assert_eq!((put.method(), put.camel()), ("put_object", "putObject"));
    assert_eq!(service("s3").operation_for_method("put_object"), Some(put));
    assert_eq!(service("s3").operation_for_camel("putObject"), Some(put));
    assert_eq!(service("s3").operation_for_command("PutObjectCommand"), Some(put));
    assert_eq!(service("s3").operation_for_command("PutObject"), None);
    assert_eq!(service("s3").operation("PutItem"), None);
    assert!(put.has_member("Bucket") && put.required_members().any(|member| member == "Key"));
    let tagged: Vec<_> =
        Catalog::embedded().operations_for_method("get_item").map(|found| found.service().name()).collect();
    assert!(tagged.contains(&"dynamodb"));
    assert!(Catalog::embedded().operations_for_camel("putObject").any(|found| found == put));
    assert_eq!(Catalog::embedded().operations_for_method("no_such_method").count(), 0);
}

#[test]
fn irregular_method_names_are_kept() {
    let names = [
        ("storagegateway", "CreateCachediSCSIVolume", "create_cached_iscsi_volume"),
        ("iam", "ListOpenIDConnectProviders", "list_open_id_connect_providers"),
        ("wafv2", "ListWebACLs", "list_web_acls"),
        ("s3", "ListObjectsV2", "list_objects_v2"),
        ("ec2", "CreateVpc", "create_vpc"),
    ];
    for (name, operation, method) in names {
        assert_eq!(service(name).operation(operation).map(|found| found.method()), Some(method));
    }
}

#[test]
fn method_names_are_sorted_and_unique() {
    let names: Vec<&str> = Catalog::embedded().method_names().collect();
    assert!(names.windows(2).all(|pair| pair[0] < pair[1]));
    assert!(names.binary_search(&"put_item").is_ok() && names.binary_search(&"putItem").is_ok());
}

#[test]
fn paginators_and_waiters_lead_to_operations() {
    let s3 = service("s3");
    for name in ["list_objects_v2", "paginateListObjectsV2", "ListObjectsV2"] {
        assert_eq!(s3.paginator(name), s3.operation("ListObjectsV2"), "{name}");
    }
    assert_eq!(s3.paginator("put_object"), None);
    for name in ["object_exists", "waitUntilObjectExists", "ObjectExists", "objectExists"] {
        assert_eq!(s3.waiter(name), s3.operation("HeadObject"), "{name}");
    }
    assert_eq!(s3.waiter(""), None);
}

#[test]
fn resource_models_tell_what_methods_do() {
    let s3 = service("s3");
    let root = s3.resource_model().expect("a resource");
    let bucket = root.sub_resource("Bucket").expect("makes buckets");
    assert_eq!(bucket.resource.identifiers[0].source, ParamSource::Input);
    assert!(root.sub_resource("ObjectVersion").is_some());
    let object = s3.resource("Object").expect("a type");
    assert_eq!(object.identifiers(), ["bucket_name", "key"]);
    let put = object.action("put").expect("a method");
    assert_eq!(put.operation.name(), "PutObject");
    assert_eq!(put.params[0].source, ParamSource::Identifier("bucket_name"));
    assert_eq!(object.load().map(|load| load.operation.name()), Some("HeadObject"));
    let objects = s3.resource("Bucket").expect("a type");
    let objects = objects.collection("objects").expect("a collection");
    assert_eq!(objects.result.as_ref().map(|result| result.kind), Some("ObjectSummary"));
    let table = service("dynamodb").resource("Table").expect("a type");
    assert!(table.attributes().iter().any(|(name, member)| (*name, *member) == ("item_count", "ItemCount")));
    assert_eq!(table.waiters()[0].operation.name(), "DescribeTable");
}

#[test]
fn go_and_java_have_names_of_their_own() {
    // The packages of github.com/aws/aws-sdk-go-v2/service and the clients of software.amazon.awssdk.
    for (name, go, java) in [
        ("dynamodb", "service/dynamodb", "DynamoDbClient"),
        ("s3", "service/s3", "S3Client"),
        ("sqs", "service/sqs", "SqsClient"),
        ("ec2", "service/ec2", "Ec2Client"),
        ("logs", "service/cloudwatchlogs", "CloudWatchLogsClient"),
        ("stepfunctions", "service/sfn", "SfnClient"),
        ("cognito-idp", "service/cognitoidentityprovider", "CognitoIdentityProviderClient"),
        ("sesv2", "service/sesv2", "SesV2Client"),
        ("apigatewayv2", "service/apigatewayv2", "ApiGatewayV2Client"),
        ("wafv2", "service/wafv2", "Wafv2Client"),
        ("rds-data", "service/rdsdata", "RdsDataClient"),
        ("iot-data", "service/iotdataplane", "IotDataPlaneClient"),
        ("dms", "service/databasemigrationservice", "DatabaseMigrationClient"),
        ("elbv2", "service/elasticloadbalancingv2", "ElasticLoadBalancingV2Client"),
        ("elasticache", "service/elasticache", "ElastiCacheClient"),
        ("route53", "service/route53", "Route53Client"),
        ("s3control", "service/s3control", "S3ControlClient"),
        ("config", "service/configservice", "ConfigClient"),
    ] {
        let service = service(name);
        assert_eq!((service.go_package(), service.java_client()), (go, java));
        for client in [go, java, service.v3_package(), service.v3_client(), service.v3_aggregated()] {
            assert_eq!(Catalog::embedded().service_for_client(client), Some(service), "{client}");
        }
    }
    let catalog = Catalog::embedded();
    let full = "github.com/aws/aws-sdk-go-v2/service/sqs";
    assert_eq!(catalog.service_for_client(full), Some(service("sqs")));
    assert_eq!(catalog.service_for_client("DynamoDbAsyncClient"), Some(service("dynamodb")));
    assert_eq!(catalog.service_for_client("StepFunctions"), Some(service("stepfunctions")));
    assert_eq!(catalog.service_for_client("Client"), None);
}
