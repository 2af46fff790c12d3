from aws_lambda_powertools.utilities import parameters
from aws_lambda_powertools.utilities.parameters import get_secret

provider = parameters.SSMProvider()


def handler(event, context):
    parameters.get_parameter("/service/url", decrypt=True)
    parameters.get_parameters("/service/all")
    get_secret("service/key")
    provider.get("/service/other")
    parameters.get_app_config(name="flags", environment="prod", application="service")
