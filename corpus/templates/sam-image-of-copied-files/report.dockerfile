FROM public.ecr.aws/lambda/python:3.13
COPY src/main.py ${LAMBDA_TASK_ROOT}/worker.py
CMD ["worker.run"]
