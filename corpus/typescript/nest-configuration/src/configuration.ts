import { registerAs } from '@nestjs/config';

export const storage = registerAs('storage', () => ({
  bucket: process.env.IMAGE_BUCKET || 'recipes-images',
}));

export default () => ({
  messages: { topic: 'arn:aws:sns:eu-west-1:123456789012:recipes' },
});
