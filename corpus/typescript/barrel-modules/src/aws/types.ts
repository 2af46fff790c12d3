export interface Contract {
  name: string;
  parties: string[];
}
