import aws_cdk as cdk

from shop.shop_stack import ShopStack

app = cdk.App()
ShopStack(app, "Shop", env=cdk.Environment(region="eu-west-1"))
app.synth()
