from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.models import Model


class ByOwner(GlobalSecondaryIndex):
    class Meta:
        index_name = "by-owner"
        projection = AllProjection()

    owner = UnicodeAttribute(hash_key=True)


class Thing(Model):
    class Meta:
        table_name = "pynamo-things"
        region = "us-east-1"

    name = UnicodeAttribute(hash_key=True)
    owner = UnicodeAttribute()
    count = NumberAttribute(default=0)
    by_owner = ByOwner()


def handler(event, context):
    thing = Thing.get("a")
    thing.update(actions=[Thing.count.set(1)])
    Thing("b", owner="me").save()
    with Thing.batch_write() as batch:
        batch.save(Thing("c"))
    return [found.name for found in Thing.by_owner.query("me")]
