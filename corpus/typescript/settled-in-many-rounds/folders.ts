import { DeleteObjectCommand, S3Client } from '@aws-sdk/client-s3';

const s3 = new S3Client({});

/** What a framework fills in from the body of a request. */
export class Permission {
  role!: string;
  folder!: string;
}

let first: string, second: string, third: string, fourth: string, fifth: string, sixth: string, seventh: string, eighth: string, ninth: string;

export function firstStep(): void {
  first = second;
}

export function secondStep(): void {
  second = third;
}

export function thirdStep(): void {
  third = fourth;
}

export function fourthStep(): void {
  fourth = fifth;
}

export function fifthStep(): void {
  fifth = sixth;
}

export function sixthStep(): void {
  sixth = seventh;
}

export function seventhStep(): void {
  seventh = eighth;
}

export function eighthStep(): void {
  eighth = ninth;
}

export function ninthStep(): void {
  ninth = 'crates';
}

export class Folders {
  async clear(permission: Permission): Promise<void> {
    if (!this.mayWrite(permission)) throw new Error('not allowed');
    await s3.send(new DeleteObjectCommand({ Bucket: 'folders', Key: 'trash' }));
    console.log(first);
  }

  private mayWrite(permission: Permission): string | null {
    return permission.role ? permission.role : null;
  }
}
