import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import configuration, { storage } from './configuration';
import { RecipesService } from './recipes.service';

@Module({
  imports: [ConfigModule.forRoot({ isGlobal: true, load: [storage, configuration] })],
  providers: [RecipesService],
})
export class AppModule {}
