/** A program that names this library as a module. */
module org.example {
    requires org.carousel;
}
