//! The forms of dates in policies: ISO 8601 as the W3C notes it, and seconds since 1970.
//!
//! Source: "IAM JSON policy elements: Condition operators", date condition operators.

/// Milliseconds since 1970, when the text is a date.
pub(crate) fn parse(text: &str) -> Option<i64> {
    let text = text.trim();
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    if digits && text.len() > 4 {
        return text.parse::<i64>().ok()?.checked_mul(1_000);
    }
    let (date, time) = match text.split_once(['T', 't']) {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let mut fields = date.split('-');
    let year = number(fields.next()?, 4)?;
    let month = fields.next().map_or(Some(1), |field| number(field, 2))?;
    let day = fields.next().map_or(Some(1), |field| number(field, 2))?;
    if fields.next().is_some() || !(1..=12).contains(&month) || !(1..=days_in(year, month)).contains(&day) {
        return None;
    }
    let start = days_since_1970(year, month, day).checked_mul(86_400_000)?;
    start.checked_add(time.map_or(Some(0), time_of_day)?)
}

/// `10:30Z`, `10:30:05.5+02:00`: milliseconds after midnight in UTC.
fn time_of_day(text: &str) -> Option<i64> {
    let zone = text.find(['Z', 'z', '+', '-'])?;
    let (time, zone) = text.split_at(zone);
    let mut fields = time.split(':');
    let hour = number(fields.next()?, 2)?;
    let minute = number(fields.next()?, 2)?;
    let (second, millis) = fields.next().map_or(Some((0, 0)), seconds)?;
    if fields.next().is_some() || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    Some(((hour * 60 + minute) * 60 + second) * 1_000 + millis - offset(zone)?)
}

fn seconds(text: &str) -> Option<(i64, i64)> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    if fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let millis: String = fraction.chars().chain("00".chars()).take(3).collect();
    Some((number(whole, 2)?, millis.parse().ok()?))
}

/// The offset of a time zone in milliseconds.
fn offset(zone: &str) -> Option<i64> {
    if zone.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let (sign, rest) = zone.split_at(1);
    let (hours, minutes) = rest.split_once(':').or_else(|| rest.split_at_checked(2))?;
    let offset = (number(hours, 2)? * 60 + number(minutes, 2)?) * 60_000;
    Some(if sign == "-" { -offset } else { offset })
}

fn number(text: &str, digits: usize) -> Option<i64> {
    let plain = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
    if plain { text.parse().ok() } else { None }
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap(year) => 29,
        2 => 28,
        _ => 31,
    }
}

fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let before = |year: i64| {
        year * 365 + (year - 1).div_euclid(4) - (year - 1).div_euclid(100) + (year - 1).div_euclid(400)
    };
    let months: i64 = (1..month).map(|month| days_in(year, month)).sum();
    before(year) - before(1970) + months + day - 1
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn every_form_gives_the_same_moment() {
        let expected = Some(1_582_979_405_000);
        for text in [
            "2020-02-29T12:30:05Z",
            "2020-02-29T12:30:05.000Z",
            "2020-02-29T14:30:05+02:00",
            "2020-02-29T07:30:05-0500",
            "1582979405",
        ] {
            assert_eq!(parse(text), expected, "{text}");
        }
        assert_eq!(parse("2020-02-29"), Some(1_582_934_400_000));
        assert_eq!(parse("2020-02"), Some(1_580_515_200_000));
        assert_eq!(parse("2020"), Some(1_577_836_800_000));
        assert_eq!(parse("1970-01-01T00:00Z"), Some(0));
        assert_eq!(parse("1969-12-31"), Some(-86_400_000));
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "x",
            "2020-13-01",
            "2019-02-29",
            "2020-1-1",
            "2020-01-01T",
            "2020-01-01T10Z",
            "2020-01-01T10:00",
            "2020-01-01T25:00Z",
            "99999999999999999999",
            "2020-01-01T10:00:00.Z",
            "2020-01-01T10:00+1",
            "é",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
