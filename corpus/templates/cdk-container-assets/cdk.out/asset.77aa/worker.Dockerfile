FROM node:22
WORKDIR /srv
COPY src/ .
CMD [ "node", "worker" ]
