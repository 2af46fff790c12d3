//! How SDKs make names of services out of a service id, such as `Cognito Identity Provider`.

/// Package of the Go SDK: `service/cognitoidentityprovider`.
pub(crate) fn go_package(id: &str) -> String {
    let letters = id.chars().filter(char::is_ascii_alphanumeric);
    format!("service/{}", letters.collect::<String>().to_ascii_lowercase())
}

/// Client class of the Java SDK v2: `CognitoIdentityProviderClient`. Words start with a capital and go on
/// in small letters (`DynamoDbClient`), and a `Service` at the end is left out (`DatabaseMigrationClient`).
///
/// Source: `DefaultNamingStrategy` of the AWS SDK for Java 2.x.
pub(crate) fn java_client(id: &str) -> String {
    let name: String = words(id).iter().map(|word| capitalised(word)).collect();
    let name = name.strip_suffix("Service").filter(|name| !name.is_empty()).unwrap_or(&name);
    format!("{name}Client")
}

/// Cuts where a word starts: after other characters, before a capital that follows a small letter or that
/// ends an acronym, after a digit, and before the `v` of a version.
fn words(id: &str) -> Vec<String> {
    let text: Vec<char> = id.chars().collect();
    let at = |index: Option<usize>| index.and_then(|index| text.get(index)).copied().unwrap_or(' ');
    let mut words = vec![String::new()];
    for (index, &character) in text.iter().enumerate() {
        let before = at(index.checked_sub(1));
        let after = at(Some(index + 1));
        let starts = match character {
            _ if !character.is_ascii_alphanumeric() => {
                words.push(String::new());
                continue;
            }
            'v' => after.is_ascii_digit() && before.is_ascii_uppercase(),
            _ if character.is_ascii_uppercase() => {
                let camel = before.is_ascii_lowercase() && after.is_ascii_alphanumeric();
                let ends_acronym = before.is_ascii_uppercase() && after.is_ascii_lowercase();
                // `SESv2`: the letter before the version belongs to the acronym.
                let version = after == 'v' && at(Some(index + 2)).is_ascii_digit();
                camel || (ends_acronym && !version)
            }
            _ => false,
        };
        if starts || (before.is_ascii_digit() && character.is_ascii_alphabetic()) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.push(character);
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().collect::<String>() + &letters.as_str().to_ascii_lowercase()
}
