import state


def run():
    state.client.put_object(Bucket=state.bucket, Key="x", Body=b"")
