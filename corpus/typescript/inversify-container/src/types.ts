export const TYPES = {
  Bucket: Symbol.for('Bucket'),
  Storage: Symbol.for('Storage'),
  Client: Symbol.for('Client'),
};

export interface Storage {
  read(key: string): Promise<string>;
  write(key: string, text: string): Promise<void>;
}
