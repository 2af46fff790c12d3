import express from 'express';
import serverless from 'serverless-http';
import { createRepository } from './repository';
import { plantRoutes } from './routes';

export const app = express().use(express.json()).use('/plants', plantRoutes(createRepository('garden-plants')));

export const handler = serverless(app);
