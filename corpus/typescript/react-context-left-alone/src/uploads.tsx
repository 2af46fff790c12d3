import { createContext, useContext, useEffect, useState } from 'react';
import type { S3Client } from '@aws-sdk/client-s3';

const Uploads = createContext<{ client?: S3Client; list(): string[] }>({ list: () => [] });

export function UploadList() {
  const { list } = useContext(Uploads);
  const [names, setNames] = useState<string[]>([]);
  useEffect(() => setNames(list()), [list]);
  return (
    <ul>
      {names.map((name) => (
        <li key={name}>{name}</li>
      ))}
    </ul>
  );
}
