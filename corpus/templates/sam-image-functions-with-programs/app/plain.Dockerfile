FROM public.ecr.aws/lambda/python:3.13
COPY functions/plain.py ${LAMBDA_TASK_ROOT}/
CMD [ \
  "plain.handler" \
]
