"""Which classes and methods run is for the settings to say."""

import os

import boto3


class Instances:
    def __init__(self, region):
        self.rds = boto3.client("rds", region_name=region)

    def start(self):
        self.rds.start_db_instance(DBInstanceIdentifier="main")

    def stop(self):
        self.rds.stop_db_instance(DBInstanceIdentifier="main")

    def _drop(self):
        self.rds.delete_db_instance(DBInstanceIdentifier="main")


class Alarms:
    def __init__(self, region):
        self.cloudwatch = boto3.client("cloudwatch", region_name=region)

    def start(self):
        self.cloudwatch.enable_alarm_actions(AlarmNames=["main"])

    def stop(self):
        self.cloudwatch.disable_alarm_actions(AlarmNames=["main"])


def handler(event, context):
    strategies = {Instances: os.environ["INSTANCES"], Alarms: os.environ["ALARMS"]}
    for strategy, active in strategies.items():
        if active == "true":
            getattr(strategy("eu-west-1"), os.environ["ACTION"])()
