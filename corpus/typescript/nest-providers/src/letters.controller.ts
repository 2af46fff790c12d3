import { Body, Controller, Param, Post } from '@nestjs/common';
import { LettersService } from './letters.service';

@Controller('patients/:id/letters')
export class LettersController {
  constructor(private readonly letters: LettersService) {}

  @Post()
  create(@Param('id') id: string, @Body() body: { text: string }) {
    return this.letters.send(id, body.text);
  }
}
