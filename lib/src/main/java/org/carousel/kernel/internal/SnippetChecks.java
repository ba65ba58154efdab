package org.carousel.kernel.internal;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Makes the classes of cells stoppable: a check of {@link Interrupts} before every jump backwards and at the start of
 * every method, an error in place of {@link System#exit}, interrupts that leave the kernel alone, and scanners that an
 * interrupt leaves whole.
 */
final class SnippetChecks {
    private static final String INTERRUPTS = "org/carousel/kernel/internal/Interrupts";
    private static final String TRACES = "org/carousel/kernel/internal/Traces";
    private static final String SCANNED = "org/carousel/kernel/internal/input/Scanned";
    private static final String SCANNER = "java/util/Scanner";

    /** The parameters of a scanner over what may be {@code System.in}. */
    private static final Pattern OF_STREAM = Pattern.compile(
            "\\((?:Ljava/io/InputStream;(?:Ljava/lang/String;|Ljava/nio/charset/Charset;)?|Ljava/lang/Readable;)\\)V");

    private static final Pattern THROWABLE = Pattern.compile("(?:Exception|Error|Throwable)$");
    private static final Map<String, String> PRINTS = Map.of(
            "()V",
            "(Ljava/lang/Throwable;)V",
            "(Ljava/io/PrintStream;)V",
            "(Ljava/lang/Throwable;Ljava/io/PrintStream;)V");
    private static final Handle CHECK = new Handle(
            Opcodes.H_INVOKESTATIC,
            INTERRUPTS,
            "check",
            "(Ljava/lang/invoke/MethodHandles$Lookup;Ljava/lang/String;Ljava/lang/invoke/MethodType;)Ljava/lang/invoke/CallSite;",
            false);

    private SnippetChecks() {}

    /** The class with checks. They take nothing from the stack and leave nothing, so its frames stay as they are. */
    static byte[] of(byte[] classFile) {
        ClassReader reader = new ClassReader(classFile);
        ClassWriter writer = new ClassWriter(reader, 0);
        reader.accept(new Checked(writer), 0);
        return writer.toByteArray();
    }

    private static final class Checked extends ClassVisitor {
        Checked(ClassVisitor next) {
            super(Opcodes.ASM9, next);
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String name, String descriptor, String signature, String[] exceptions) {
            MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
            return new CheckedCode(next, !name.startsWith("<"));
        }
    }

    private static final class CheckedCode extends MethodVisitor {
        private final Set<Label> passed = new HashSet<>();
        private final boolean atStart;

        CheckedCode(MethodVisitor next, boolean atStart) {
            super(Opcodes.ASM9, next);
            this.atStart = atStart;
        }

        @Override
        public void visitCode() {
            super.visitCode();
            if (atStart) {
                check();
            }
        }

        @Override
        public void visitLabel(Label label) {
            passed.add(label);
            super.visitLabel(label);
        }

        @Override
        public void visitJumpInsn(int opcode, Label target) {
            if (passed.contains(target)) {
                check();
            }
            super.visitJumpInsn(opcode, target);
        }

        private void check() {
            super.visitInvokeDynamicInsn("check", "()V", CHECK);
        }

        /** {@code System::exit} is a call, too, and {@code Scanner::new} one of a constructor. */
        @Override
        public void visitInvokeDynamicInsn(String name, String descriptor, Handle maker, Object... arguments) {
            Object[] safe = arguments.clone();
            for (int k = 0; k < safe.length; k++) {
                if (safe[k] instanceof Handle handle) {
                    safe[k] = safe(handle);
                }
            }
            super.visitInvokeDynamicInsn(name, descriptor, maker, safe);
        }

        private static Handle safe(Handle method) {
            String owner = method.getOwner();
            String descriptor = method.getDesc();
            String instead = ofKernel(owner, method.getName(), descriptor);
            if (instead != null) {
                return new Handle(Opcodes.H_INVOKESTATIC, INTERRUPTS, method.getName(), instead, false);
            }
            if (isOfScanner(owner, method.getName(), descriptor)) {
                String made = descriptor.replace(")V", ")L" + SCANNER + ";");
                return new Handle(Opcodes.H_INVOKESTATIC, SCANNED, "scanner", made, false);
            }
            return method;
        }

        private static boolean isOfScanner(String owner, String name, String descriptor) {
            return owner.equals(SCANNER)
                    && name.equals("<init>")
                    && OF_STREAM.matcher(descriptor).matches();
        }

        /** The static method of {@link Interrupts} and of the same name for what would end the kernel; null for all else. */
        private static @Nullable String ofKernel(String owner, String name, String descriptor) {
            boolean exits = descriptor.equals("(I)V") && (name.equals("exit") || name.equals("halt"));
            boolean interrupts = descriptor.equals("()V") && name.equals("interrupt");
            return exits && owner.equals("java/lang/System")
                    ? "(I)V"
                    : exits && owner.equals("java/lang/Runtime")
                            ? "(Ljava/lang/Runtime;I)V"
                            : interrupts && (owner.equals("java/lang/Thread") || owner.equals("java/lang/ThreadGroup"))
                                    ? "(L" + owner + ";)V"
                                    : null;
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean inInterface) {
            boolean isSuper = opcode == Opcodes.INVOKESPECIAL;
            String instead = isSuper ? null : ofKernel(owner, name, descriptor);
            if (instead != null) {
                super.visitMethodInsn(Opcodes.INVOKESTATIC, INTERRUPTS, name, instead, false);
            } else if (isOfScanner(owner, name, descriptor)) {
                String of = descriptor.replace(")V", ")Ljava/lang/Readable;");
                super.visitMethodInsn(Opcodes.INVOKESTATIC, SCANNED, "of", of, false);
                super.visitMethodInsn(opcode, owner, name, "(Ljava/lang/Readable;)V", false);
            } else if (!isSuper
                    && name.equals("printStackTrace")
                    && THROWABLE.matcher(owner).find()
                    && PRINTS.containsKey(descriptor)) {
                super.visitMethodInsn(Opcodes.INVOKESTATIC, TRACES, "print", PRINTS.get(descriptor), false);
            } else {
                super.visitMethodInsn(opcode, owner, name, descriptor, inInterface);
            }
        }
    }
}
