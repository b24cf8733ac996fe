variable "name" {
  type        = string
  description = "Name of the database, for example booking"
}

variable "owner" {
  type        = string
  description = "Team that is called when it breaks"
}

resource "postgresql_database" "this" {
  name              = var.name
  connection_limit  = 120
  allow_connections = true
}

output "secret_path" {
  value = "${var.owner}/${var.name}/database"
}
