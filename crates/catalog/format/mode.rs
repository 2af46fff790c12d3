//! How parameter values become values of ARN variables. The library shares this file with the text
//! form: the number of a mode in the binary table is its position here.

macro_rules! modes {
    ($($(#[$doc:meta])* $variant:ident = $word:literal,)*) => {
        /// How a parameter value becomes the value of an ARN variable. A value that is an ARN is used as
        /// the resource itself in every mode.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum BindingMode { $($(#[$doc])* $variant,)* }

        impl BindingMode {
            /// Every mode; the position of a mode is its number in the binary table.
            pub const ALL: &'static [BindingMode] = &[$(BindingMode::$variant,)*];

            /// The mode with this number.
            #[must_use]
            pub fn numbered(number: u32) -> BindingMode {
                Self::ALL.get(number as usize).copied().unwrap_or(BindingMode::Auto)
            }

            /// The word that selects the mode in the text form.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(BindingMode::$variant => $word,)* }
            }
        }
    };
}

modes! {
    /// A name, an id or a whole ARN.
    Auto = "auto",
    /// An SQS queue URL: account and region are taken from it too.
    QueueUrl = "queue-url",
    /// A path of which a leading slash is not part of the ARN.
    Path = "path",
    /// A KMS key id, key ARN, alias name or alias ARN.
    KmsKey = "kms-key",
    /// A KMS alias with its `alias/`, which the ARN template has too.
    Alias = "alias",
    /// An SSM document: those of AWS have no account of the caller.
    Document = "document",
    /// An ECS task definition: family, or family and revision, or ARN.
    TaskDefinition = "task-definition",
    /// The secret of a parameter name `/aws/reference/secretsmanager/NAME`; nothing for other names.
    SecretReference = "secret-reference",
    /// A Lambda function name, partial ARN or ARN, each with or without qualifier.
    Function = "function",
    /// A Secrets Manager name or ARN: names get the suffix that the service appends.
    Secret = "secret",
    /// A CloudWatch Logs group name or ARN: group ARNs end in `:*`.
    LogGroup = "log-group",
    /// The bucket of an S3 copy source.
    CopyBucket = "copy-bucket",
    /// The key of an S3 copy source.
    CopyKey = "copy-key",
    /// The bucket of an `s3://bucket/key` or `https://` S3 location.
    S3UriBucket = "s3-uri-bucket",
    /// The key of an `s3://bucket/key` or `https://` S3 location.
    S3UriKey = "s3-uri-key",
    /// Everything below an `s3://bucket/prefix` location.
    S3UriPrefix = "s3-uri-prefix",
    /// The value is the start of the name.
    Prefix = "prefix",
    /// The table of a PartiQL statement.
    PartiqlTable = "partiql-table",
    /// The index of a PartiQL statement.
    PartiqlIndex = "partiql-index",
    /// The part after the last `/` or `:` of an id, ARN or URL.
    Tail = "tail",
    /// An e-mail address with or without a display name, as an SES identity.
    Email = "email",
    /// The domain of an e-mail address, as an SES identity.
    EmailDomain = "email-domain",
    /// The foundation model of a Bedrock model id or ARN, or behind an inference profile.
    Model = "model",
    /// The inference profile of a Bedrock model id; nothing for the id of a foundation model.
    InferenceProfile = "inference-profile",
    /// A text that is used only when it is an ARN.
    ArnOnly = "arn-only",
    /// The first label of a host name.
    HostLabel = "host-label",
    /// The host and path of a URL.
    HostPath = "host-path",
    /// The scope of an AWS WAF resource: `CLOUDFRONT` is `global` in ARNs, `REGIONAL` is `regional`.
    WafScope = "waf-scope",
    /// What precedes the first colon of an id, after the last slash of an ARN.
    Head = "head",
    /// A Step Functions state machine, version or alias: all are authorized on the state machine.
    StateMachine = "state-machine",
}
