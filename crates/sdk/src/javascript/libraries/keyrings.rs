//! The AWS Encryption SDK (`@aws-crypto/client-node` and the packages it is made of). What encrypts makes a data
//! key with the generator key of its keyring and encrypts it with the other keys; what decrypts asks any of them
//! (AWS Encryption SDK Developer Guide, "Required permissions for AWS KMS keyrings").

use perm_infer_analysis::{Args, Atom, Cx, HoleReason, Value};

use super::super::names::Name;
use super::super::{Javascript, kind};
use crate::shared::{dict_of, entry};

/// Functions that give what encrypts, decrypts or does both.
const BUILDERS: &[&str] = &["buildClient", "buildDecrypt", "buildEncrypt"];

/// Operations of KMS, each with the keys that it is used on.
type Operations = &'static [(&'static str, &'static [&'static str])];

const ENCRYPTING: Operations = &[("GenerateDataKey", &["generator"]), ("Encrypt", &["keys"])];
const DECRYPTING: Operations = &[("Decrypt", &["generator", "keys"])];

impl Javascript<'_> {
    pub(super) fn call_encryption_sdk(
        &self,
        cx: &mut Cx<'_, '_>,
        name: Name<'_>,
        args: &Args,
    ) -> Option<Value> {
        let first = args.at(0).cloned().unwrap_or_default();
        let option = |cx: &mut Cx<'_, '_>, name: &str| {
            entry(cx, &first, name).without(|atom| matches!(atom, Atom::Null))
        };
        match name.last() {
            builder if BUILDERS.contains(&builder) => {
                Some(Value::library(kind::ENCRYPTION, "client", Vec::new()))
            }
            "KmsKeyringNode" | "KmsKeyringBrowser" | "buildAwsKmsMrkAwareStrictMultiKeyringNode" => {
                let keys = option(cx, "keyIds");
                let keys = if keys.is_bottom() { keys } else { cx.element(&keys) };
                Some(keyring(option(cx, "generatorKeyId"), keys))
            }
            "AwsKmsMrkAwareSymmetricKeyringNode" => Some(keyring(option(cx, "keyId"), Value::bottom())),
            "AwsKmsMrkAwareSymmetricDiscoveryKeyringNode"
            | "buildAwsKmsMrkAwareDiscoveryMultiKeyringNode" => {
                Some(keyring(Value::bottom(), cx.unknown(HoleReason::Computed)))
            }
            "MultiKeyringNode" | "MultiKeyringBrowser" => {
                let generator = option(cx, "generator");
                let children = option(cx, "children");
                let children = if children.is_bottom() { children } else { cx.element(&children) };
                // A child encrypts the data key that the generator made.
                let keys = keys_of(&children, &["generator", "keys"]);
                let own = keys_of(&generator, &["keys"]);
                Some(keyring(keys_of(&generator, &["generator"]), keys.joined(&own)))
            }
            "NodeCachingMaterialsManager" | "WebCryptoCachingMaterialsManager" => {
                Some(option(cx, "backingMaterials"))
            }
            "NodeDefaultCryptographicMaterialsManager" | "WebCryptoDefaultCryptographicMaterialsManager" => {
                Some(first)
            }
            // The first versions export the functions themselves.
            method => self.encryption_method(cx, method, args),
        }
    }

    /// `client.encrypt(keyring, text)` and its kin.
    pub(super) fn encryption_method(&self, cx: &mut Cx<'_, '_>, name: &str, args: &Args) -> Option<Value> {
        let operations = match name {
            "encrypt" | "encryptStream" => ENCRYPTING,
            "decrypt" | "decryptStream" | "decryptUnsignedMessageStream" => DECRYPTING,
            _ => return None,
        };
        let keyring = args.at(0)?.clone();
        for (operation, roles) in operations {
            let keys = keys_of(&keyring, roles);
            if !keys.is_bottom() {
                let params = dict_of(&[("KeyId", Some(&keys))]).into();
                self.shared.perform_named(cx, "kms", operation, params);
            }
        }
        Some(cx.unknown(HoleReason::Result(name.into())))
    }
}

fn keyring(generator: Value, keys: Value) -> Value {
    Value::library(kind::KEYRING, "keyring", vec![("generator", generator), ("keys", keys)])
}

/// The keys that a keyring has in these roles; unknown as far as the keyring is.
fn keys_of(keyring: &Value, roles: &[&str]) -> Value {
    keyring.map(
        |atom| match atom {
            Atom::Library(keyring) if keyring.kind == kind::KEYRING => roles
                .iter()
                .filter_map(|role| keyring.field(role))
                .fold(Value::bottom(), |keys, more| keys.joined(more)),
            _ => Value::bottom(),
        },
        |hole| Value::unknown((**hole).clone()),
    )
}
