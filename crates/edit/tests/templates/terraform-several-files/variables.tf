variable "prefix" { default = "shop" }
