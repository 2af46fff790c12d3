import { Links } from './links';

const links = new Links();

export async function handler(event: { invoice: number; file: string }) {
  return {
    down: await links.download(event.invoice),
    up: await links.upload(event.file),
    form: await links.form(),
  };
}
