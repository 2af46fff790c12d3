//! Overrides that name something unknown, are there twice, apply to nothing or say what is generated
//! anyway are refused with file and line; what they add is completed.

use super::*;
use crate::botocore::Model;
use crate::overrides::parse_text;

const IAM: &str = "prefix box\n\
    type box arn:${Partition}:box:${Region}:${Account}:box/${BoxName}\n\
    type lid arn:${Partition}:box:${Region}:${Account}:lid/${LidId}\n\
    action GetBox Read box!\n\
    action CreateBox Write box!\n\
    action ListBoxes List\n\
    action TagResource Tagging box lid\n\
    action Decrypt Write box\n";

const MODEL: &str = r#"{
    "metadata": {"serviceId": "Box", "endpointPrefix": "box", "serviceFullName": "Amazon Box"},
    "operations": {
        "GetBox": {"http": {"method": "POST", "requestUri": "/"}, "input": {"shape": "GetBoxRequest"}},
        "CreateBox": {"http": {"method": "POST", "requestUri": "/"}, "input": {"shape": "CreateBoxRequest"}},
        "ListBoxes": {"http": {"method": "POST", "requestUri": "/"}},
        "PaintBox": {"http": {"method": "POST", "requestUri": "/"}, "input": {"shape": "GetBoxRequest"}}
    },
    "shapes": {
        "GetBoxRequest": {"type": "structure", "required": ["BoxName"], "members": {"BoxName": {"shape": "String"}}},
        "CreateBoxRequest": {"type": "structure", "required": ["Name"], "members": {
            "Name": {"shape": "String"}, "Tags": {"shape": "Tags"}, "Painter": {"shape": "PainterRoleArn"},
            "Colour": {"shape": "ColourRole"}, "ServiceRoleArn": {"shape": "String"}}},
        "String": {"type": "string"},
        "PainterRoleArn": {"type": "string"},
        "ColourRole": {"type": "string", "enum": ["red", "green"]},
        "Tags": {"type": "list", "member": {"shape": "String"}}
    }
}"#;

/// The service with these overrides, or the error as it is printed.
fn built(overrides: &str) -> Result<Service, String> {
    let model: Model = serde_json::from_str(MODEL).expect("a model");
    let api = Api { name: "box".to_owned(), model, paginators: Vec::new(), waiters: Vec::new() };
    let text = format!("service box\n{overrides}");
    let overrides = parse_text(&text, "x.txt").map_err(|error| error.to_string())?;
    let mut iam = BTreeMap::from([("box".to_owned(), IamService::parse(IAM).expect("IAM data"))]);
    let role = "prefix iam\ntype role arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}\naction PassRole Write role!\n";
    iam.insert("iam".to_owned(), IamService::parse(role).expect("IAM data"));
    overrides.apply_to_iam(&mut iam).map_err(|error| error.to_string())?;
    let community = CommunityMap::default();
    let facts =
        Facts { iam: &iam, community: &community, irregular_methods: &HashMap::new(), overrides: &overrides };
    service(&api, &facts).map_err(|error| error.to_string())
}

fn line(service: &Service, name: &str) -> String {
    let operation = service.operations.iter().find(|operation| operation.name == name).expect(name);
    operation.to_string()
}

#[track_caller]
fn refused(overrides: &str, message: &str) {
    let error = built(overrides).err().unwrap_or_else(|| panic!("`{overrides}` is taken"));
    assert_eq!(error, message);
}

#[test]
fn rules_follow_from_names_roles_and_tags() {
    let service = built("").expect("generated");
    assert_eq!(line(&service, "GetBox"), "GetBox(BoxName!) = box:GetBox on box(BoxName)");
    assert_eq!(
        line(&service, "CreateBox"),
        "CreateBox(Name! Tags Painter Colour ServiceRoleArn) = box:CreateBox on box(BoxName=Name) ; \
         if Tags then box:TagResource on box(BoxName=Name) ; \
         if ServiceRoleArn then iam:PassRole on role(RoleNameWithPath=ServiceRoleArn) with iam:PassedToService=box.amazonaws.com"
    );
}

#[test]
fn what_the_iam_data_do_not_know_is_presumed_and_says_so() {
    let service = built("").expect("generated");
    assert!(line(&service, "PaintBox").starts_with("PaintBox(BoxName!) = box:PaintBox -- presumed: "));
    let presumed: Vec<_> =
        presumed(&service).map(|(prefix, action)| format!("{prefix}:{}", action.name)).collect();
    assert_eq!(presumed, ["box:PaintBox"]);
    let service = built("unknown PaintBox -- the page contradicts itself").expect("overridden");
    assert!(line(&service, "PaintBox").contains("= unknown -- "));
}

#[test]
fn names_that_do_not_exist_are_refused() {
    refused(
        "op PutBox -- why\n  box:GetBox",
        "x.txt:2: `box` has no operation `PutBox`; correct the name or delete the override",
    );
    refused(
        "op ListBoxes -- why\n  box:PutBox",
        "x.txt:3: ListBoxes: action `box:PutBox` is not in the IAM data; add it to overrides/iam.txt with a reason",
    );
    refused(
        "op GetBox -- why\n  box:GetBox on box(BoxName=Name)",
        "x.txt:3: GetBox: the input has no member `Name`",
    );
    refused(
        "op GetBox -- why\n  box:GetBox on box(Size=BoxName)",
        "x.txt:3: GetBox: `arn:${Partition}:box:${Region}:${Account}:box/${BoxName}` has no variable `Size`",
    );
    refused(
        "op GetBox -- why\n  box:GetBox on lid()",
        "x.txt:3: GetBox: `box:GetBox` does not work on `lid`",
    );
    refused(
        "op ListBoxes -- why\n  box:ListBoxes on box()",
        "x.txt:3: ListBoxes: `box:ListBoxes` has no resource-level permissions: leave out `on`",
    );
}

#[test]
fn what_applies_to_nothing_is_refused() {
    refused("prefix carton", "x.txt:2: IAM has no prefix `carton`; correct it or delete the line");
    refused("skip carton", "x.txt:2: no action of `box` has the resource type `carton`; delete it");
    refused(
        "principal boxes.amazonaws.com Lid",
        "x.txt:2: no operation of `box` passes such a role; delete the line",
    );
    refused(
        "bind box BoxName=Lid",
        "x.txt:2: `BoxName=Lid` of `box` binds nothing in `box`: no such type, variable or member; correct or delete it",
    );
}

#[test]
fn what_is_there_twice_or_generated_anyway_is_refused() {
    refused(
        "op GetBox -- why\n  box:Decrypt\nop GetBox -- why\n  box:GetBox",
        "x.txt:4: `GetBox` has an `op` line at x.txt:2 already; keep one of the two",
    );
    refused(
        "op GetBox -- why\n  box:GetBox on box",
        "x.txt:2: `GetBox` is generated like this already; delete it from the override",
    );
    refused(
        "add GetBox -- why\n  box:GetBox on box",
        "x.txt:2: `GetBox` has the rule `box:GetBox on box(BoxName)` already; delete it from the override",
    );
    refused(
        "action box:GetBox Read box! -- why",
        "x.txt:2: the IAM data says the same of `box:GetBox`; delete this line",
    );
    refused(
        "action box:PutBox Write -- why\naction box:PutBox Read -- why",
        "x.txt:3: `box:PutBox` is at x.txt:2 already; keep one of the two",
    );
    refused(
        "unnamed GetBox -- why",
        "x.txt:2: a member of `GetBox` names its resource; delete it from the line",
    );
}

#[test]
fn rules_about_keys_are_added_and_checked() {
    let keys = "default-key of box:GetBox needs box:Decrypt -- why\n";
    let service = built(keys).expect("keys");
    assert!(line(&service, "GetBox").ends_with("; key of box:GetBox needs box:Decrypt"));
    let own = format!("{keys}key GetBox -- why\n  of box:$op by BoxName needs box:Decrypt");
    let service = built(&own).expect("keys");
    assert!(line(&service, "GetBox").ends_with("; key of box:GetBox by BoxName needs box:Decrypt"));
    refused(
        "key GetBox -- why\n  of box:CreateBox needs box:Decrypt",
        "x.txt:3: `GetBox` needs no `box:CreateBox`",
    );
    refused(
        "key GetBox -- why\n  of box:GetBox by Lid needs box:Decrypt",
        "x.txt:3: the input of `GetBox` has no member `Lid`",
    );
}

#[test]
fn rules_for_one_kind_of_resource_take_the_place_of_the_others() {
    let service = built("when BoxName$'-x' GetBox -- why\n  box:ListBoxes").expect("a condition");
    let (_, rules) =
        line(&service, "GetBox").split_once(" = ").map(|(a, b)| (a.to_owned(), b.to_owned())).expect("rules");
    assert_eq!(
        rules,
        "unless BoxName$'-x' then box:GetBox on box(BoxName) ; if BoxName$'-x' then box:ListBoxes -- why"
    );
    refused("when GetBox -- why", "x.txt:2: write `when CONDITION OPERATION... -- why`");
    refused("when BoxName$x GetBox -- why", "x.txt:2: a value in single quotes expected in `BoxName$x`");
    refused("when Lid$'-x' GetBox -- why", "x.txt:2: the input of `GetBox` has no member `Lid`");
    refused(
        "none GetBox -- why\nwhen BoxName$'-x' GetBox -- why",
        "x.txt:3: `GetBox` has no rules to replace; use `op`",
    );
}
