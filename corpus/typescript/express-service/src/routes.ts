import { Router, type NextFunction, type Request, type Response } from 'express';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Repository } from './repository';

const s3 = new S3Client({});

export function plantRoutes(repository: Repository): Router {
  const router = Router();
  const load = async (request: Request, response: Response, next: NextFunction) => {
    response.locals.plant = await repository.find(request.params.id);
    next();
  };

  router.get('/:id', load, (_request, response) => response.json(response.locals.plant));
  router.put('/:id', async (request, response) => {
    await repository.save({ id: request.params.id, name: request.body.name });
    response.sendStatus(204);
  });
  router.delete('/:id', async ({ params }, response) => {
    await repository.remove(params.id);
    response.sendStatus(204);
  });
  router.get('/:id/picture', async ({ params }, response, next) => {
    try {
      const Key = `plants/${params.id}.jpg`;
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'garden-pictures', Key }));
      (Body as NodeJS.ReadableStream).pipe(response);
    } catch (error) {
      next(error);
    }
  });
  return router;
}
