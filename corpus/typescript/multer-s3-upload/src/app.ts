import { S3Client } from '@aws-sdk/client-s3';
import express from 'express';
import multer from 'multer';
import multerS3 from 'multer-s3';

const app = express();

const upload = multer({
  storage: multerS3({
    s3: new S3Client({}),
    bucket: 'pet-pictures',
    contentType: multerS3.AUTO_CONTENT_TYPE,
    key(_request, file, callback) {
      callback(null, `incoming/${file.originalname}`);
    },
  }),
  limits: { fileSize: 5_000_000 },
});

app.post('/pictures', upload.single('picture'), (request, response) => {
  response.status(201).json({ key: (request.file as Express.MulterS3.File).key });
});

app.listen(3000);
